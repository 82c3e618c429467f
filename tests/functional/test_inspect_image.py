from pathlib import Path

from click.testing import CliRunner
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from webapp.cli import cli


def test_a_page_is_drawn_with_a_box_around_each_line(tmp_path: Path) -> None:
    file, image = tmp_path / "rules.pdf", tmp_path / "page.png"
    canvas = Canvas(str(file), pagesize=(400, 300))
    canvas.drawString(50, 200, "The duty desk answers at night.")
    canvas.save()
    result = CliRunner().invoke(cli, ["inspect", str(file), "--image", str(image)])
    assert result.exit_code == 0, result.output
    with Image.open(image) as drawn:
        assert drawn.width == 1200
        colours = {colour for _, colour in drawn.getcolors(maxcolors=1 << 24) or []}
    assert (0x24, 0x71, 0xA3) in colours, "the line has the colour of a paragraph"


def test_a_page_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Visits are on Monday.", encoding="utf-8")
    result = CliRunner().invoke(cli, ["inspect", str(file), "--image", str(tmp_path / "page.png")])
    assert result.exit_code == 1
    assert "cannot be drawn" in str(result.exception)
