"""What every page promises, checked whenever a test reads one."""

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

Page = BeautifulSoup


def parse(html: str) -> Page:
    return BeautifulSoup(html, "html.parser")


def read_page(client: FlaskClient, url: str, status: int = 200) -> Page:
    """Get the address, and return the parsed page after checking what all pages promise."""
    response = client.get(url)
    assert response.status_code == status, f"{url}: {response.status}, {response.headers.get('Location', '')}"
    assert response.mimetype == "text/html", f"{url} is {response.mimetype}, not a page"
    return checked(parse(response.text), url)


def checked(page: Page, url: str) -> Page:
    """Return the page if it keeps the promises; the failure names the cure."""
    assert page.html is not None and page.html.get("lang"), f"{url}: <html> lacks lang; extend base.html"
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    assert len(headings) == 1 and headings[0], f"{url}: needs exactly one <h1> with words, has {headings}"
    assert page.title is not None and page.title.get_text(strip=True), f"{url}: lacks a <title>"
    styled = [str(tag)[:120] for tag in page.find_all(attrs={"style": True})]
    assert not styled, f"{url}: style attributes break the CSP; use a class: {styled}"
    assert not page.find_all("style"), f"{url}: <style> breaks the CSP; move it to static/css/"
    inline = [str(tag)[:120] for tag in page.find_all("script") if not tag.get("src")]
    assert not inline, f"{url}: inline scripts break the CSP; move them to static/js/: {inline}"
    handlers = [str(tag)[:120] for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert not handlers, f"{url}: on… attributes break the CSP; listen in static/js/: {handlers}"
    ids = [tag["id"] for tag in page.find_all(id=True)]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    assert not twice, f"{url}: ids used twice: {twice}"
    nameless = [str(tag)[:120] for tag in page.find_all("img") if tag.get("alt") is None]
    assert not nameless, f"{url}: pictures need alt: {nameless}"
    return page
