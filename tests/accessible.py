"""What axe-core finds in a page that keeps people out."""

from axe_playwright_python.sync_playwright import Axe


def serious(page, options=None, **given):
    """Return what axe finds serious or critical in the open page.

    Args:
        page: a page of Playwright.
        options: what axe-core is told beside that.
        given: a context, as Axe.run takes it.
    """
    # Without "preload" axe asks for no style sheet anew, and at wrong addresses.
    options = {"resultTypes": ["violations"], "preload": False} | (options or {})
    found = Axe().run(page, options=options, **given).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['html'][:150]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
