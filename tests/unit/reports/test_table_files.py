"""What a spreadsheet makes of a table that somebody downloads."""

from reports.tables import TABLES
from reports.tables.files import as_csv
from reports.tables.lines import Line


def test_names_of_the_register_are_no_formulas_in_csv():
    line = Line("T01", "i", "=1+1", "2009/10", "authority", "E1", "@SUM(A1)", "share", -3, note="+44")

    row = as_csv(TABLES["T01"], [line]).decode().splitlines()[1]

    assert row == "T01,i,'=1+1,2009/10,authority,E1,'@SUM(A1),share,-3,,percent,'+44"
