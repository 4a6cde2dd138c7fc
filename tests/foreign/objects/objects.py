# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Homework 7: a library of objects

# %%
from dataclasses import dataclass

import pytest


# %% nbgrader={"grade": false, "grade_id": "book", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
@dataclass
class Book:
    title: str
    pages: int = 100

    def is_long(self):
        return self.pages > 300


### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-book", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
emma = Book("Emma", 450)
assert emma.title == "Emma" and emma.is_long()
assert Book("Notes").pages == 100
assert repr(Book("Notes", 7)) == "Book(title='Notes', pages=7)"
assert emma == Book("Emma", 450)
assert emma != Book("Emma", 451)


# %% nbgrader={"grade": false, "grade_id": "library", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Library:
    """Books by their titles, with len, `in` and iteration in the order of the titles."""

    ### BEGIN SOLUTION
    def __init__(self):
        self._books = {}
        self._listeners = []

    def add(self, book):
        self._books[book.title] = book
        for listener in self._listeners:
            listener(book.title)

    def find(self, title):
        if title not in self._books:
            raise MissingBook(f"there is no {title}")
        return self._books[title]

    def on_add(self, listener):
        self._listeners.append(listener)

    def __len__(self):
        return len(self._books)

    def __contains__(self, title):
        return title in self._books

    def __iter__(self):
        return (self._books[title] for title in sorted(self._books))

    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "missing_book", "locked": false, "schema_version": 3, "solution": true, "task": false}
# An error for books that are not there; it is a kind of LookupError.
### BEGIN SOLUTION
class MissingBook(LookupError):
    pass


### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-library", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
library = Library()
assert len(library) == 0
library.add(Book("Walden", 350))
library.add(Book("Emma", 450))
assert len(library) == 2
assert "Emma" in library and "Ulysses" not in library
assert [book.title for book in library] == ["Emma", "Walden"]
### BEGIN HIDDEN TESTS
assert library.find("Walden").pages == 350
assert isinstance(library.find("Walden"), Book)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test-missing_book", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
with pytest.raises(LookupError):
    Library().find("Emma")
try:
    Library().find("Emma")
except MissingBook as error:
    assert "Emma" in str(error)

# %% nbgrader={"grade": true, "grade_id": "test-callbacks", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
heard = []
library = Library()
library.on_add(heard.append)
library.on_add(lambda title: heard.append(len(title)))
library.add(Book("Emma"))
assert heard == ["Emma", 4]


# %% nbgrader={"grade": false, "grade_id": "audio_book", "locked": false, "schema_version": 3, "solution": true, "task": false}
# A book with hours to listen to: AudioBook("Emma", hours=15). It has no pages.
### BEGIN SOLUTION
class AudioBook(Book):
    def __init__(self, title, hours):
        super().__init__(title, 0)
        self.hours = hours

    def is_long(self):
        return self.hours > 10


### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-audio_book", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
spoken = AudioBook("Emma", hours=15)
assert issubclass(AudioBook, Book)
assert isinstance(spoken, Book)
assert spoken.pages == 0 and spoken.hours == 15
assert spoken.is_long() and not AudioBook("Notes", 1).is_long()


# %% nbgrader={"grade": false, "grade_id": "shelf", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Shelf:
    """A shelf of a width in cm, of which each book takes a part."""

    def __init__(self, width):
        self.width = width
        self.used = 0

    ### BEGIN SOLUTION
    @property
    def free(self):
        return self.width - self.used

    def __iadd__(self, thickness):
        if thickness > self.free:
            raise ValueError("it does not fit")
        self.used += thickness
        return self

    def __lt__(self, other):
        return self.free < other.free

    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-shelf", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
shelf = Shelf(10)
shelf += 4
assert shelf.free == 6
assert shelf < Shelf(10)
with pytest.raises(ValueError):
    shelf += 7
assert "free" in dir(Shelf)


# %% nbgrader={"grade": false, "grade_id": "pages", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Pages:
    """An iterator over the numbers of the pages of a book."""

    ### BEGIN SOLUTION
    def __init__(self, book):
        self.last, self.now = book.pages, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.now == self.last:
            raise StopIteration
        self.now += 1
        return self.now

    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-pages", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert list(Pages(Book("Notes", 3))) == [1, 2, 3]
pages = Pages(Book("Notes", 1))
assert next(pages) == 1
with pytest.raises(StopIteration):
    next(pages)


# %% nbgrader={"grade": false, "grade_id": "opened", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Opened:
    """Opens a book for a with block: its `state` is "open" there, and "closed" after it."""

    ### BEGIN SOLUTION
    def __enter__(self):
        self.state = "open"
        return self

    def __exit__(self, *error):
        self.state = "closed"

    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-opened", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
book = Opened()
with book as same:
    assert same.state == "open"
assert book.state == "closed"
