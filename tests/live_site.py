"""A small site with the live pieces, for the tests: two plain pages and their files."""

import contextlib
import functools
import http.server
import shutil
import threading

from course import ROOT

SITE = ROOT / "site"
PAGE = """<!doctype html>
<html lang="en" data-content_root="{root}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<title>{name}</title>
<style>html {{ color-scheme: light dark; font: 16px/1.5 sans-serif }}
html[data-theme=dark] {{ color-scheme: dark; background: #14181e }}
html[data-theme=light] {{ color-scheme: light }}
main {{ max-width: 820px; margin: auto }}</style>
<main><h1>{name}</h1>
{piece}
</main></html>
"""
PAGES = {"front": ("index.html", "./"), "convolution": ("notebooks/03.html", "../")}


def assemble(folder):
    """Lay out in a folder what the site has of the live pieces; return `_static`."""
    static = folder / "_static"
    static.mkdir(parents=True)
    files = [f for kind in ("js", "css", "bin", "json") for f in SITE.glob(f"*.{kind}")]
    for file in [*files, ROOT / "course_utils" / "digit_pad.js"]:
        shutil.copy(file, static)
    for name, (place, root) in PAGES.items():
        (folder / place).parent.mkdir(exist_ok=True)
        piece = (SITE / f"{name}.html").read_text("utf-8")
        page = PAGE.format(name=name, root=root, piece=piece)
        (folder / place).write_text(page, "utf-8")
    return static


@contextlib.contextmanager
def serve(folder):
    """Serve a folder on 127.0.0.1; give its address."""
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""
