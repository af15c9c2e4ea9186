"""Source packages of distributions: which a folder has, and what lies in them."""
import hashlib
import io
import pathlib
import re
import subprocess
import tarfile

from .patches import SOURCE

FILE_MAX = 8 << 20
ORIGINAL = re.compile(r"^(?P<package>[^_]+)_(?P<version>[^_]+)\.orig\.tar\.(?:gz|bz2|xz|zst)$")
DEBIAN = re.compile(r"^(?P<package>[^_]+)_(?P<version>[^_]+)\.debian\.tar\.(?:gz|bz2|xz|zst)$")
# A snapshot between two versions shows neither of them.
SNAPSHOT = re.compile(r"[~+.-](?:git|svn|hg|cvs|bzr|fossil|snapshot|20\d{6}|rc|beta|alpha|pre)|~|(?:rc|beta|alpha|pre)\d*$", re.I)
# Some originals are a folder with the archive that upstream gave out.
WITHIN = re.compile(r"\.(?:tar\.(?:gz|bz2|xz)|tgz)$")
REPACKED = re.compile(r"[.+~-]?(?:dfsg|ds|repack|deb|debian)[0-9.+~]*$")


def upstream_of(version):
    """"2.9.14" of "2.12.7+dfsg+really2.9.14"; None for a snapshot or what came before a release."""
    version = version.split(":")[-1].split("really")[-1]
    while REPACKED.search(version):
        version = REPACKED.sub("", version)
    return None if SNAPSHOT.search(version) or not re.match(r"\d", version) else version


def fetch(folder, package):
    """Gets all versions of a source package that apt (of $APT_CONFIG) knows; what an archive no longer has is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / ".done").exists():
        return
    shown = subprocess.run(["apt-cache", "showsrc", "--only-source", package], capture_output=True, text=True, check=False)
    versions = sorted(set(re.findall(r"^Version: (\S+)$", shown.stdout, re.M)))
    if versions:
        wanted = [f"{package}={version}" for version in versions]
        subprocess.run(["apt-get", "-q", "source", "--only-source", "--download-only", *wanted], cwd=folder, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (folder / ".done").touch()


def members(path):
    """(name, text) of the regular files of an archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.size <= FILE_MAX:
                yield member.name, lambda member=member: archive.extractfile(member).read().decode("utf-8", "replace")


def sources_of(archive):
    """{path below the top: text} of the sources in an open archive."""
    files = ((member.name, member) for member in archive if member.isfile() and member.size <= FILE_MAX and SOURCE.search(member.name))
    return {name.split("/", 1)[-1]: archive.extractfile(member).read().decode("utf-8", "replace") for name, member in files}


def read_original(path):
    """{path below the top: text} of the sources of a version; of the archives within where there are none beside them."""
    with tarfile.open(path) as archive:
        found = sources_of(archive)
    if found:
        return found
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and WITHIN.search(member.name):
                with tarfile.open(fileobj=io.BytesIO(archive.extractfile(member).read())) as within:
                    found.update(sources_of(within))
    return found


def read_patches(path):
    """[(name, text)] of what debian/patches/series names."""
    texts = {name.split("debian/patches/")[-1]: read() for name, read in members(path) if "debian/patches/" in name}
    series = [line.split("#")[0].split() for line in texts.get("series", "").split("\n")]
    return [(words[0], texts[words[0]]) for words in series if words and words[0] in texts]


def read_log(path):
    """[(version, text)] of debian/changelog, the newest first."""
    text = next((read() for name, read in members(path) if name == "debian/changelog"), "")
    parts = re.split(r"^[a-z0-9][a-z0-9.+-]* \(([^)\s]+)\)[^\n]*$", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


class Original:
    """The sources of one version, as its upstream gave them out."""

    def __init__(self, path):
        match = ORIGINAL.match(path.name)
        self.path, self.package = path, match["package"]
        self.version = upstream_of(match["version"])

    def digest(self):
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def originals(folder):
    """Those of a folder that have a version, one of each."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.orig.tar.*")):
        if ORIGINAL.match(path.name) and Original(path).version:
            found.setdefault(Original(path).version, Original(path))
    return list(found.values())


def patched(folder):
    """[(package version, upstream version or None, path)] of the packages whose patches the folder has."""
    found = []
    for path in sorted(pathlib.Path(folder).glob("*.debian.tar.*")):
        match = DEBIAN.match(path.name)
        if match:
            found.append((f"{match['package']} {match['version']}", upstream_of(match["version"].rsplit("-", 1)[0]), path))
    return found
