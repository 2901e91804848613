"""The documentation as a site in one folder: `make site`, or `python docs/make_site.py FOLDER`.

The pages are those of docs/, as they are; each stands in one of four kinds. Nothing is fetched,
warnings are errors, and what comes out is read from the disk: search works without a server.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OUT = DOCS / "_site"
#: A page as it is, with what its cells showed when they were last executed.
NOTEBOOK = DOCS / "notebook.ipynb"
LIVE = "geneva-2025"
#: Pages that explain; of the others the index (docs/README.md) says what they are.
EXPLANATION = ("model", "validation", "invariance", "architecture", "story", "stories")
KINDS = {"start": "Tutorials", "how to": "How-to guides", "reference": "Reference"}
EXPLAINS = "Explanation"
#: Pages of the root, by their names here.
ROOTED = {"README": "overview", "CONTRIBUTING": "contributing", "CHANGELOG": "changes"}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)([^)#]*)(#[^)]*)?\)")
#: Where pages lie.
PLACES = (ROOT, DOCS, DOCS / "experiments")
#: Places that pages mark themselves.
MARKS = {
    mark
    for page in DOCS.glob("**/*.md")
    for mark in re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text(encoding="utf-8"))
}
#: Longer than a build takes.
SECONDS = 1_200


def pages_by_kind() -> dict[str, list[str]]:
    """The pages of docs/ by kind, in the order of the index."""
    found: dict[str, list[str]] = {name: [] for name in (*KINDS.values(), EXPLAINS)}
    kind = ""
    for line in (DOCS / "README.md").read_text(encoding="utf-8").splitlines():
        if head := re.match(r"\| (start|how to|reference) \|", line):
            kind = KINDS[head[1]]
        elif row := re.match(r"\| \[([\w-]+)\.(?:md|ipynb)\]", line):
            found[EXPLAINS if row[1] in EXPLANATION else kind].append(row[1])
    return found


def staged(text: str, here: Path, there: set[str]) -> str:
    """A page's text with links to pages of the site, and without those that leave it.

    Places that a page marks itself (`<a id="...">`) are linked as they are marked, in HTML.
    """

    def link(found: re.Match[str]) -> str:
        words, path, anchor = found[1], found[2], found[3] or ""
        marked = anchor[1:] in MARKS
        if not path:
            return f'<a href="{anchor}">{words}</a>' if marked else found[0]
        target = (here.parent / path).resolve()
        if target == NOTEBOOK:
            return f"[{words}]({NOTEBOOK.name})"
        name = ROOTED.get(target.stem, target.stem) if target.parent == ROOT else target.stem
        if target.suffix == ".md" and target.parent in PLACES and name in there:
            if marked:
                return f'<a href="{name}.html{anchor}">{words}</a>'
            return f"[{words}]({name}.md{anchor})"
        return f"[{words}](images/{target.name})" if target.suffix == ".png" else words

    return re.sub(r"\]\((?:docs|\.\.)/images/", "](images/", LINK.sub(link, text))


def front(kinds: dict[str, list[str]]) -> str:
    """The first page: what this is, the live page, and the four kinds."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    intro = readme.split("\n\n")[1]
    parts = [
        "# detente",
        intro,
        f"Below the simulator itself, in this page: move a slider, the same runs answer "
        f'(<a href="_static/{LIVE}.html">alone in a window</a>).',
        f'<iframe class="live" src="_static/{LIVE}.html" title="detente, live"></iframe>',
        "## Start",
        "```sh\nmake run      # set up, play the Geneva truce 10,000 times, print and draw\n```",
    ]
    parts += [
        f"```{{toctree}}\n:caption: {kind}\n:maxdepth: 1\n\n" + "\n".join(names) + "\n```"
        for kind, names in kinds.items()
    ]
    return "\n\n".join(parts) + "\n"


def stage(folder: Path) -> None:
    """Lays everything that Sphinx reads into a folder."""
    sys.path.insert(0, str(DOCS))
    from site_gallery import gallery

    shutil.copytree(DOCS / "site", folder, dirs_exist_ok=True)
    shutil.copytree(DOCS / "images", folder / "images")
    kinds = pages_by_kind()
    kinds["Tutorials"].insert(0, "overview")
    kinds["Reference"] += ["api", "changes"]
    kinds[EXPLAINS] += sorted(page.stem for page in (DOCS / "experiments").glob("*.md"))
    kinds["How-to guides"].append("contributing")
    kinds["Tutorials"].append("gallery")
    there = {name for names in kinds.values() for name in names}
    for path, name in _pages():
        if name in there:
            text = staged(path.read_text(encoding="utf-8"), path, there)
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
    shutil.copy(NOTEBOOK, folder)
    (folder / "gallery.md").write_text(gallery(), encoding="utf-8")
    (folder / "index.md").write_text(front(kinds), encoding="utf-8")


def _pages() -> Iterator[tuple[Path, str]]:
    for name, here in ROOTED.items():
        yield ROOT / f"{name}.md", here
    for path in sorted(page for place in PLACES[1:] for page in place.glob("*.md")):
        if path.stem != "README":
            yield path, path.stem


def live(folder: Path) -> None:
    """Writes the live page of a scenario."""
    from sim.scenario import Scenario
    from sim.web.page import explorer

    text = explorer(Scenario.load(LIVE), story_runs=0)
    (folder / f"{LIVE}.html").write_text(text, encoding="utf-8")


def build(out: Path = OUT, with_page: bool = True) -> Path:
    """Makes the site; returns its first page. Raises CalledProcessError for any warning."""
    with tempfile.TemporaryDirectory(prefix="detente-site-") as place:
        source = Path(place)
        stage(source)
        if with_page:
            live(source / "_static")
        words = ("-b", "html", "-W", "--keep-going", "-q", "-d", str(source / ".trees"))
        command = [sys.executable, "-m", "sphinx", *words, str(source), str(out)]
        subprocess.run(command, check=True, timeout=SECONDS, cwd=ROOT)
    return out / "index.html"


if __name__ == "__main__":
    print(f"wrote {build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)}")
