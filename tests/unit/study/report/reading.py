"""Reads a page as a parser does, and keeps what a test asks for."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """Elements, attributes and text of a page; refuses tags that do not close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.text = []
        self._open = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        """Opens an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """An element of a drawing, without content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Closes the element that was opened last."""
        assert self._open.pop() == tag

    def handle_data(self, data):
        """Keeps what a reader sees."""
        if self._open and self._open[-1] != "style":
            self.text.append(data)

    @property
    def words(self):
        """All that is written on it, with single spaces."""
        return " ".join(" ".join(self.text).split())

    @property
    def tags(self):
        """Every kind of element."""
        return {tag for tag, _ in self.elements}

    def attributes(self, name):
        """Every value of an attribute."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def of_class(self, tag, word):
        """Attributes of the elements of a class."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and word in attributes.get("class", "").split()
        ]
