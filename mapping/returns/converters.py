"""Parts of addresses that stand for rows."""

from django.urls import register_converter

from mapping.returns.models import Collection, PartKind


class CollectionConverter:
    """``2009-10`` in an address is the collection 2009/10; one that does not exist is not found."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value):
        collection = Collection.objects.filter(year=int(value[:4])).first()
        if collection is None or collection.slug != value:
            raise ValueError(value)
        return collection

    def to_url(self, value):
        return value if isinstance(value, str) else value.slug


class PartKindConverter:
    regex = "|".join(PartKind.values)

    def to_python(self, value):
        return PartKind(value)

    def to_url(self, value):
        return str(value)


register_converter(CollectionConverter, "collection")
register_converter(PartKindConverter, "part")
