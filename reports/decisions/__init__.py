"""From answered to signed off: what is left to do, handing a part over, the director's summary and decision."""
