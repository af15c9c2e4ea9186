#!/usr/bin/env python3
"""Makes shell completion and the man page of what the program says of itself.

generate-from-help.py bash|zsh ASSAY OUT; generate-from-help.py man ASSAY OUT TEMPLATE
"""
import re
import subprocess
import sys

# What can be said of a value beyond its kind.
CHOICES = {"--format": ["text", "tsv", "json"], "--require-grade": ["0", "1", "2", "3", "4", "5"],
           "--fail-on": ["critical", "high", "medium", "low", "exploited", "worse"]}
LINE = re.compile(r"^  (\S+(?: \S+)*?)\s{2,}(.+)$")


def read_help(program):
    """([(command, summary)], [(option, kind of value or None, summary)]) of `assay --help`."""
    text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    commands, options, section = [], [], None
    for line in text.splitlines():
        if line in ("Commands:", "Options:"):
            section = line
        elif match := LINE.match(line):
            words = match[1].split(" ")
            if section == "Commands:":
                commands.append((words[0], match[2]))
            elif section == "Options:":
                options.append((words[0], words[1] if len(words) > 1 else None, match[2]))
    return commands, options


def options_of_kind(options, *kinds):
    return "|".join(name for name, kind, _ in options if kind in kinds and name not in CHOICES)


def first_of_each(options):
    """Without those whose name another command's option has already: a shell completes a name in one way."""
    return list({name: (name, kind, summary) for name, kind, summary in reversed(options)}.values())[::-1]


def bash(commands, options):
    options = first_of_each(options)
    cases = [f"\t{options_of_kind(options, 'FILE')})\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n\t\t;;",
             f"\t{options_of_kind(options, 'DIR')})\n\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$word\")\n\t\t;;"]
    for name, words in CHOICES.items():
        cases.append(f"\t{name})\n\t\tmapfile -t COMPREPLY < <(compgen -W '{' '.join(words)}' -- \"$word\")\n\t\t;;")
    others = [name for name, kind, _ in options if kind not in (None, "FILE", "DIR") and name not in CHOICES]
    cases.append(f"\t{'|'.join(others)})\n\t\tCOMPREPLY=()\n\t\t;;")
    return f"""# Completion of assay for bash. Made by tools/generate-from-help.py from 'assay --help'.
_assay()
{{
	local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
	# --json=FILE comes as three words.
	if [[ $word == "=" ]]; then
		word=
	elif [[ $before == "=" ]]; then
		before=${{COMP_WORDS[COMP_CWORD - 2]}}
	fi
	compopt -o filenames 2>/dev/null
	case $before in
{chr(10).join(cases)}
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W '{' '.join(name for name, _, _ in options)}' -- "$word")
		elif ((COMP_CWORD == 1)); then
			mapfile -t COMPREPLY < <(compgen -W '{' '.join(name for name, _ in commands)}' -- "$word"; compgen -f -- "$word")
		elif [[ ${{COMP_WORDS[1]}} == db && COMP_CWORD -eq 2 ]]; then
			mapfile -t COMPREPLY < <(compgen -W 'build update import info sign verify key' -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
		;;
	esac
}}
complete -F _assay assay
"""


def zsh(commands, options):
    def quoted(text):
        return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")

    specs = []
    for name, kind, summary in first_of_each(options):
        action = "_files -/" if kind == "DIR" else "_files" if kind == "FILE" else " "
        if name in CHOICES:
            action = f"({' '.join(CHOICES[name])})"
        # Options that may be repeated say so.
        star = "*" if "repeated" in summary else ""
        value = f"=[{quoted(summary)}]:{kind.lower()}:{action}" if kind else f"[{quoted(summary)}]"
        specs.append(f"\t'{star}{name}{value}'")
    described = " ".join(f"'{name}:{quoted(summary)}'" for name, summary in commands)
    return f"""#compdef assay
# Completion of assay for zsh. Made by tools/generate-from-help.py from 'assay --help'.
_assay_first()
{{
	local -a commands
	commands=({described})
	_describe command commands
	_files
}}
_arguments -S \\
{''.join(spec + ' ' + chr(92) + chr(10) for spec in specs)}	'1:image or command:_assay_first' \\
	'*:image:_files'
"""


def manual(commands, options, template):
    """The template, with the options in the place of the line @OPTIONS@."""
    def escaped(text):
        return text.replace("\\", "\\\\").replace("-", "\\-")

    page = []
    for name, kind, summary in options:
        page.append(f'.TP\n.BI {escaped(name)} " {kind}"' if kind else f".TP\n.B {escaped(name)}")
        page.append(escaped(summary[0].upper() + summary[1:] + "."))
    for name, _ in commands:
        if not re.search(rf'^\.BI? "?{name}\b', template, re.MULTILINE):
            sys.exit(f"the man page does not describe the command {name}")
    return template.replace("@OPTIONS@", "\n".join(page))


def main():
    kind, program, out = sys.argv[1:4]
    commands, options = read_help(program)
    if not commands or not options:
        sys.exit(f"{program} --help names no commands or options")
    if kind == "man":
        with open(sys.argv[4], encoding="utf-8") as file:
            text = manual(commands, options, file.read())
    else:
        text = {"bash": bash, "zsh": zsh}[kind](commands, options)
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


main()
