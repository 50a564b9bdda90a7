"""What a page says of itself to programs that show a link to it, and where it keeps the same for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import escape

from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.models import ModelView
from accredit.site.pages.version import VersionView
from accredit.site.previews import HEIGHT, WIDTH


@dataclass(frozen=True)
class Social:
    """Tags for the heads of pages: the Open Graph protocol (https://ogp.me), the feed, and the page's own data."""

    site_name: str
    address: str = ""
    """Where the site stands, ending in `/`; empty where nobody says. A picture has to have a whole address."""
    previews: bool = False
    """Whether there are pictures of models."""

    def tags(self, page: Page) -> str:
        """The tags of one page, as HTML."""
        title = page.title if page.url else self.site_name
        said = {"og:type": "website", "og:site_name": self.site_name, "og:title": title}
        said |= {"og:description": page.summary} if page.summary else {}
        said |= {"og:url": self.address + quote(page.url)} if self.address else {}
        model, data = _subject(page)
        if model and self.address and self.previews:
            said["og:image"] = self.address + urls.preview(model)
            said |= {"og:image:width": str(WIDTH), "og:image:height": str(HEIGHT)}
            said["og:image:alt"] = f"{model}: what is in production"
        tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in said.items()]
        if "og:image" in said:
            tags.append('<meta name="twitter:card" content="summary_large_image">')
        tags.append(
            _link("alternate feed", "application/atom+xml", page.root + urls.FEED, "Approvals, releases and incidents")
        )
        if data:
            tags.append(_link("describedby", "application/json", urls.relative(page.root, data), "This page as data"))
        return "".join(tags)


def _link(relation: str, kind: str, place: str, title: str) -> str:
    """One link. What is `alternate` and nothing else, the theme takes for this site in another language, and visits."""
    return f'<link rel="{relation}" type="{kind}" href="{escape(place)}" title="{title}">'


def _subject(page: Page) -> tuple[str, str]:
    """The model that a page is about, and the file that holds the same; empty for other pages."""
    view = page.data.get("view")
    if isinstance(view, ModelView):
        return view.id, urls.model_data(view.id)
    if isinstance(view, VersionView):
        return view.version.model_id, urls.version_data(view.version.key)
    return "", ""
