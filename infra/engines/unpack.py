"""Takes folders out of a zip or tar archive: unpack.py ARCHIVE TARGET SOURCE=DESTINATION...

The top folder of a tar archive does not count. Nothing outside TARGET is ever written.
"""
import os
import shutil
import sys
import tarfile
import zipfile


def place(name, target, folders):
    """The file to write for a member of the archive, or None."""
    for source, destination in folders:
        if name.startswith(source + "/"):
            inner = name[len(source) + 1 :]
            if inner == "" or inner.endswith("/"):
                return None
            if ".." in inner.split("/"):
                raise SystemExit("unsafe path in the archive: " + name)
            return os.path.join(target, destination, inner)
    return None


def write(stream, path, mode):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
    os.chmod(path, mode)


def main(archive, target, *pairs):
    folders = [tuple(pair.split("=", 1)) for pair in pairs]
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as content:
            for member in content.infolist():
                path = place(member.filename, target, folders)
                if path is not None:
                    with content.open(member) as stream:
                        write(stream, path, 0o755 if "/bin/" in member.filename else 0o644)
        return
    with tarfile.open(archive, "r|*") as content:
        for member in content:
            path = place(member.name.partition("/")[2], target, folders)
            if path is not None and member.isfile():
                write(content.extractfile(member), path, 0o755 if member.mode & 0o100 else 0o644)


main(*sys.argv[1:])
