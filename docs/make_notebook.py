"""Executes docs/notebook.ipynb from its first cell to its last, and keeps what its cells show.

    python docs/make_notebook.py [FILE]      # or: make docs; writes FILE in its place

The cells are the source, and are edited in the file itself. A test executes them and compares.
"""

import base64
import io
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from few_colours import in_few_colours

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parent / "notebook.ipynb"
ROOT = NOTEBOOK.parents[1]
NEEDED = ("nbclient", "nbformat", "ipykernel")
#: Of the pictures in it, as of those in docs/images.
COLOURS = 64
#: Seconds that a cell may take: the first use of a kernel compiles it.
LONGEST = 600


def ready() -> bool:
    """Whether what executes a notebook is installed: `pip install detente[docs]`."""
    return all(find_spec(name) for name in NEEDED)


def read(file: Path = NOTEBOOK) -> "NotebookNode":
    """A notebook as it is in its file."""
    import nbformat

    return nbformat.read(file, as_version=4)


def executed(notebook: "NotebookNode") -> "NotebookNode":
    """The same cells with what they show now. Raises CellExecutionError where one fails."""
    import nbformat
    from jupyter_client import AsyncKernelManager
    from nbclient import NotebookClient

    made = nbformat.from_dict({**notebook, "metadata": {"language_info": {"name": "python"}}})
    client = NotebookClient(
        made,
        timeout=LONGEST,
        km=AsyncKernelManager(kernel_name="python3", transport="ipc"),
        record_timing=False,
        resources={"metadata": {"path": str(ROOT)}},
    )
    client.execute()
    made.metadata = {"language_info": {"name": "python"}}
    for output in (output for cell in made.cells for output in cell.get("outputs", ())):
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = small(output.data["image/png"])
    return made


def small(picture: str) -> str:
    """A PNG in base64 in few colours."""
    image = Image.open(io.BytesIO(base64.b64decode(picture)))
    file = io.BytesIO()
    in_few_colours(image, COLOURS).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def main(file: Path = NOTEBOOK) -> None:
    """Writes the notebook anew."""
    import nbformat

    nbformat.write(executed(read()), file)


if __name__ == "__main__":
    if ready():
        main(*map(Path, sys.argv[1:]))
    else:
        print(f"{NOTEBOOK.name} stays as it is: {', '.join(NEEDED)} are not installed")
