"""Texts in a kernel's sources that a kernel with the code holds, and how they lie in its bytes."""
import bisect
import re

# Two literals in a row are one text; what stands before the first, and behind the last, tells whether it is whole.
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
WHOLE = re.compile(r"([(,={?:]|\bKERN_[A-Z]+)(\s*)(" + LITERAL + r"(?:\s*" + LITERAL + r")*)(?=\s*[,);}:])")
NAME = re.compile(r"([A-Za-z_]\w*)\s*\Z")
# Functions whose texts no setting of messages leaves out, but the one that leaves out all of them.
LEVEL = "err|warn|warning|info|notice|crit|alert|emerg|error|msg|panic|printk"
OF = ("dev netdev netif wiphy nfc v4l2 usb hid ata snd ath ath\\d+k brcmf brcms xfs btrfs ext[234] f2fs nilfs udf ubifs ocfs2 reiserfs gfs2 "
      "fs hfs ntfs ntfs_inode exfat exfat_fs fat fat_fs bt_dev rtw\\d* drm ib ibdev mlx[45]_core mlx[45] iscsi codec ac97 ioc wl\\d+ wlcore "
      "rsi orinoco hostap p54 b43 b43legacy ceph bch md kvm xen nvme net ip component sdev scmd shost starget macsec batadv mwl ubi mtd "
      "mmc gpiod chip spi i2c iwl e hw pci acpi ACPI tipc sctp l2tp dccp dlm log qeth s390 early lbs pr").split()
LOUD = "BT DRM IWL IP_VS DM FC ISCSI QLA E DP".split()
OTHERS = ("printk printk_\\w+ DMERR DMWARN DMINFO cERROR mwifiex_dbg ql_log panic WARN WARN_ONCE NL_SET_ERR_MSG\\w* GENL_SET_ERR_MSG\\w* "
          "seq_printf seq_puts kmem_cache_create\\w* kthread_\\w+ alloc_\\w*workqueue create_\\w*workqueue vs?n?printf s[cn]*printf "
          "register_\\w+ proc_\\w+ create_proc_\\w+ class_create platform_\\w+ request_\\w+ misc_register devm_\\w+ sysfs_emit\\w* "
          "kasprintf alloc_netdev\\w* of_\\w+ device_\\w+ fwnode_\\w+ clk_\\w+ crypto_\\w+ match_string kobject_\\w+ invalf errorf "
          "warnf svc_\\w+ rpc_\\w+ dev_\\w+name scsi_\\w+ reiserfs_\\w+ usb_\\w+_register vfs_\\w+ mount_\\w+ input_\\w+ led_\\w+").split()
SURE = re.compile("|".join([f"({'|'.join(OF)})_({LEVEL})(_once|_ratelimited|_probe)?",
                            f"({'|'.join(LOUD)})_(ERR|INFO|WARN|ERROR|WARNING|NOTICE|LIMIT)(_RL|_LIMIT|_RATELIMITED)?", *OTHERS]))
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
LEAST, MOST, REACH, COLONS = 5, 40, 300, 4  # the same in src/inspect/kernel_texts.c
TELLING = 16  # a word as long shows the code that it is from; the same in src/vuln/kernel_traces.c


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
    """
    The fragments of all texts that no option within the file, and no level of messages, leaves out; each with the number of the function
    or table that holds it, which a compiler may leave out as a whole.
    """
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
    ends = [found.start() for found in re.finditer(r"^}", text, re.M)]
    for found in WHOLE.finditer(text):
        before, literals = found.group(1), found.group(3)
        one = fragment(literals)
        if not LEAST <= len(one) <= MOST or not re.fullmatch(r"[ -~]+", one) or "\t" in one:
            continue
        if before not in "={":
            name = caller(text, found.end(1))
            printed = name is not None and name.endswith("printf") and not name.startswith("seq_")
            if name is None or not SURE.fullmatch(name) or (printed and "%" not in literals):
                continue  # without a conversion, a compiler copies it without keeping it
        yield one, bisect.bisect(ends, found.start())


def fragments_in(kernel):
    """The fragments of the texts in a kernel's bytes: from where a text, its level or what stands before a colon ends, as src/inspect/kernel_texts.c."""
    found = set()
    for run in re.finditer(rb"[ -~]{%d,}" % LEAST, kernel):
        text = run.group()
        starts = {0, 1 if kernel[max(0, run.start() - 1):run.start()] == b"\1" else 0, 3 if re.match(rb"<[0-9a-z]>", text) else 0}
        starts.update(colon.end() for colon in list(re.finditer(rb": ", text))[:COLONS])
        found.update(text[start:].partition(b"%")[0].decode() for start in starts)
    return found


def is_telling(text):
    """Whether it shows the code that it is from: a single word is too common, unless it is long, and shows by its absence alone."""
    return " " in text.strip() or len(text) >= TELLING
