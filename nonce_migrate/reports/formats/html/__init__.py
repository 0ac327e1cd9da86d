"""The report as one HTML file that needs nothing else: see `render_html`.

`page` and what it is built from make data of a record; `render` and the templates print it.
"""

from nonce_migrate.reports.formats.html.render import render_html

__all__ = ["render_html"]
