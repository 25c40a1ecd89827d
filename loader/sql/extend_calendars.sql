-- Business hours are known for the days that calendars cover: those of what was loaded, too.
SELECT ttr_data.extend_calendars(min(earliest), max(latest)) FROM file
