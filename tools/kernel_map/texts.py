"""Texts in a kernel's sources that a kernel with the code holds, and how they lie in its bytes."""
import re

# Two literals in a row are one text; what stands before the first, and behind the last, tells whether it is whole.
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
WHOLE = re.compile(r"([(,={?:]|\bKERN_[A-Z]+)(\s*)(" + LITERAL + r"(?:\s*" + LITERAL + r")*)(?=\s*[,);}:])")
NAME = re.compile(r"([A-Za-z_]\w*)\s*\Z")
# What no setting of messages leaves out, but the one that leaves out all of them.
SURE = re.compile(r"printk(_ratelimited|_once)?|(pr|dev|netdev|netif|wiphy|nfc|dev_printk|bt|BT|v4l2|usb|hid|ata|sdev|snd)_"
                  r"(err|warn|warning|info|notice|crit|alert|emerg|ERR|INFO|WARN)(_ratelimited|_once)?|BT_(ERR|INFO)|panic|seq_printf|seq_puts|"
                  r"kmem_cache_create\w*|kthread_(run|create)|alloc_\w*workqueue|create_\w*workqueue|sprintf|snprintf|scnprintf|"
                  r"register_chrdev|proc_(create|mkdir)\w*|create_proc_\w+|class_create|platform_device_\w+|str\w*cmp|strcpy|strlcpy|"
                  r"strscpy|request_(irq|module|region|firmware)|misc_register|devm_request_\w+|sysfs_emit|kasprintf")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
LEAST, LEAST_NAME, MOST, REACH, COLONS = 10, 8, 40, 300, 4


def fragment(literals):
    """What stands before the first conversion or line end of the text, as the bytes of a kernel hold it; empty for none."""
    text = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literals))
    return re.split(r"[%\\]", text, maxsplit=1)[0]


def caller(text, end):
    """What is called with the argument that begins there; None where it is no call's."""
    open_ones = 0
    for at in range(end - 1, max(0, end - REACH), -1):
        byte = text[at]
        if byte in ";{}\"":
            return None
        open_ones += byte == ")"
        if byte == "(":
            if open_ones == 0:
                found = NAME.search(text[max(0, at - 48):at])
                return found.group(1) if found else None
            open_ones -= 1
    return None


def texts_of(text):
    """The fragments of all texts that no option within the file, and no level of messages, leaves out."""
    text = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    lines = text.split("\n")
    depth, macro, kept = 0, False, []
    for line in lines:
        bare = line.lstrip()
        if bare.startswith("#"):
            word = bare[1:].lstrip()
            depth += word.startswith("if")
            depth -= word.startswith("endif")
        kept.append("" if depth > 0 or macro or bare.startswith("#") else line)
        macro = (macro or bare.startswith("#")) and line.endswith("\\")
    text = "\n".join(kept)
    for found in WHOLE.finditer(text):
        before, literals = found.group(1), found.group(3)
        named = before in "={"
        one = fragment(literals)
        if not (LEAST_NAME if named else LEAST) <= len(one) <= MOST or not re.fullmatch(r"[ -~]+", one) or "\t" in one:
            continue
        if not named:
            name = caller(text, found.end(1))
            if name is None or not SURE.fullmatch(name):
                continue
        yield one


def fragments_in(kernel):
    """The fragments of the texts in a kernel's bytes: from where a text, its level or what stands before a colon ends, as src/inspect/kernel_texts.c."""
    found = set()
    for run in re.finditer(rb"[ -~]{%d,}" % LEAST_NAME, kernel):
        text = run.group()
        starts = {0, 1 if kernel[max(0, run.start() - 1):run.start()] == b"\1" else 0, 3 if re.match(rb"<[0-9a-z]>", text) else 0}
        starts.update(colon.end() for colon in list(re.finditer(rb": ", text))[:COLONS])
        found.update(text[start:].partition(b"%")[0].decode() for start in starts)
    return found


def is_telling(text):
    """Words and names that are only one word are too common, unless they are long."""
    return " " in text.strip() or len(text) >= 16
