"""Where it comes from 污染溯源: wind, footprints, direction tables, signatures, activity, the ranking of sources."""
