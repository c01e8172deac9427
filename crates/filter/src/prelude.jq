# Filters for inventories: `{repositories: [{archives: [{time, series, …}]}]}`.
#
# `borgq query --help` documents them. They need `$now`, in seconds since 1970,
# and the functions that `_given` calls. Names with an underscore are not for
# others. One rule decides all questions: what is not there never looks recent.

def now: $now;

# -- Durations and sizes

def seconds($duration): $duration | _given("seconds");

def ago($duration): $now - seconds($duration) | floor | todate;

def human_bytes: if . == null then . else _given("human_bytes") end;

# -- What the input is

def _is_archive: type == "object" and has("time") and has("series");

def _has_archives: type == "object" and (has("archives") or has("encryption"));

def _unfit($what): error("\($what) needs an inventory, a repository, archives, or one: not \(type)");

# All archives of an inventory, a repository, a group, an array, or the one.
def archives:
  if type == "array" then .[] | if _is_archive then . else archives end
  elif _is_archive then .
  elif type == "object" and has("repositories") then .repositories[] | archives
  elif _has_archives then .archives // [] | archives
  else _unfit("archives") end;

# Whose archives they are, for answers about groups.
def _whose:
  if type == "object" then
    if has("repository") then {repository}
    elif has("location") then {repository: with_entries(select(.key == ("id", "location", "label")))}
    else {} end
    + if has("series") then {series} else {} end
  else {} end;

# Each part of the input that needs a backup of its own.
def _each: if type == "object" and has("repositories") then .repositories[] else . end;

# -- Archives

# Those that count as backups: no checkpoints, none in the future.
def complete: archives | select(.complete and (has("left_out") | not));

def _instant: .time | fromdateiso8601;

def _newest: [complete] | max_by(_instant);

# jq's own `last` for all that holds no archives.
def last:
  if type == "array" then
    if length > 0 and all(.[]; _is_archive)
    then (to_entries | map(select(.value | [complete] != [])) | max_by(.value | _instant)) as $newest
      | if $newest == null then null else .[$newest.key] end
    else .[-1] end
  elif _has_archives then _newest
  elif type == "object" then
    if has("repositories") then .repositories[] | _newest else _unfit("last") end
  else .[-1] end;

# -- Ages

def age:
  if . == null then null
  elif type == "string" then $now - fromdateiso8601
  elif type != "object" then error("age needs an archive or a time: not \(type)")
  elif .left_out == "future" then null
  elif has("time") then [.time | age, 0] | max
  elif has("group") then .archive | age
  else error("age needs an archive or a time: not an object without either") end;

def older_than($duration):
  seconds($duration) as $limit | age | . == null or . > $limit;

def human_age:
  if . == null then .
  elif type == "number" then _given("human_age")
  else age | human_age end;

# -- Groups

def series: [archives.series] | unique;

def by_series:
  _each | _whose as $whose
  | if [archives] == [] then $whose + {series: null, archives: []}
    else [archives] | group_by(.series)[] | $whose + {series: .[0].series, archives: .} end;

def last_by(f):
  _each | _whose as $whose
  | (if [archives] == [] then {group: null, archive: null}
    else [archives | {group: f, archive: .}] | group_by(.group)[]
      | {group: .[0].group, archive: (map(.archive) | _newest)} end)
  | $whose + if .archive == null then {group} else . + {age_seconds: (.archive | age)} end;

# From each complete archive to the next, and from the last one to now.
def gaps:
  _each | _whose as $whose
  | [complete] | sort_by(_instant) | map(.time) | . as $times
  | range(length) as $index
  | if $index + 1 < ($times | length)
    then {from: $times[$index], to: $times[$index + 1], current: false}
    else {from: $times[$index], to: ($now | todate), current: true} end
  | $whose + . + {seconds: ([(.to | fromdateiso8601) - (.from | fromdateiso8601), 0] | max)};
