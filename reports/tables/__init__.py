"""Published tables: what each is made of (as data), its lines, and the files it is given away in. Pure."""

from reports.tables.taking_part import ITEMS
from reports.tables.taking_part import TABLES as TAKING_PART
from reports.tables.trust import BOARD, JOINT, STRATEGY

TABLES = {table.code: table for table in (*TAKING_PART, BOARD, STRATEGY, JOINT)}

__all__ = ["ITEMS", "TABLES"]
