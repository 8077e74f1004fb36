"""Writes the archives of this folder with the programs that write them: python make.py. Each holds the same table, rows.csv.

Needs Info-ZIP's zip, zstd and pzstd.
"""

import pathlib
import subprocess
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
TEXT = "a,b\n" + "".join(f"{row},{row * 7919 % 101}\n" for row in range(300))


class Pipe:
    """What cannot go back: then lengths come after the content."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        self.file.flush()


def info(name):
    return zipfile.ZipInfo(name, (2026, 11, 27, 12, 0, 0))


def write(name, fill, pipe=False):
    with open(HERE / name, "wb") as file, zipfile.ZipFile(Pipe(file) if pipe else file, "w") as archive:
        fill(archive)


def deflated(archive):
    archive.writestr(info("data/rows.csv"), TEXT, zipfile.ZIP_DEFLATED)


def with_64_bits(archive, method=zipfile.ZIP_DEFLATED):
    member = info("rows.csv")
    member.compress_type = method
    with archive.open(member, "w", force_zip64=True) as content:
        content.write(TEXT.encode())


def with_folder_and_companion(archive):
    archive.writestr(info("data/"), "")
    deflated(archive)
    archive.writestr(info("__MACOSX/data/._rows.csv"), "attributes", zipfile.ZIP_DEFLATED)


def two_files(archive):
    deflated(archive)
    archive.writestr(info("other.csv"), TEXT)


def with_comment(archive):
    deflated(archive)
    archive.comment = b"made for a test"


write("deflated.zip", deflated)
write("stored.zip", lambda archive: archive.writestr(info("rows.csv"), TEXT))
write("streamed.zip", deflated, pipe=True)
write("streamed-64.zip", with_64_bits, pipe=True)
write("streamed-stored.zip", lambda archive: with_64_bits(archive, zipfile.ZIP_STORED), pipe=True)
write("folder-and-companion.zip", with_folder_and_companion)
write("comment.zip", with_comment)
write("two-files.zip", two_files)
write("no-file.zip", lambda archive: archive.writestr(info("data/"), ""))
write("empty.zip", lambda archive: None)
write("bzip2.zip", lambda archive: archive.writestr(info("rows.csv"), TEXT, zipfile.ZIP_BZIP2))
write("absolute.zip", lambda archive: archive.writestr(info("/tmp/rows.csv"), TEXT))
write("upwards.zip", lambda archive: archive.writestr(info("../rows.csv"), TEXT))

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "rows.csv").write_text(TEXT)
    (folder / "big.csv").write_text(TEXT * 4000)
    for name, options in {"info-zip.zip": [], "encrypted.zip": ["-P", "secret"]}.items():
        (HERE / name).unlink(missing_ok=True)
        subprocess.run(["zip", "-q", "-X", *options, HERE / name, "rows.csv"], cwd=folder, check=True)
    for name, command in {
        "zstd.zst": ["zstd"],
        "zstd-19-without-checksum.zst": ["zstd", "-19", "--no-check"],
        "pzstd.zst": ["pzstd"],
        "long.zst": ["zstd", "--ultra", "-20", "--long=28", "--zstd=wlog=28"],
    }.items():
        content = (folder / ("big.csv" if name == "long.zst" else "rows.csv")).open("rb")
        with open(HERE / name, "wb") as target:
            subprocess.run([*command, "-q", "-c", *([] if name == "long.zst" else [folder / "rows.csv"])], stdin=content, stdout=target, check=True)
