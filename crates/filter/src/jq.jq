# What jq defines, and jaq does not or otherwise.
#
# Names with an underscore are natives that are renamed, or helpers.

def _deeper: if _is_deep then error("the filter recurses too deeply") else . end;

def tostring: if type == "string" then . else tojson end;
def _text: tostring;
def @text: tostring;
def @html: tostring | escape_html;
def @uri: tostring | encode_uri;
def @base64: tostring | encode_base64;
def @base64d: tostring | decode_base64;
def @sh:
  def word: if type == "string" then "'" + escape_sh + "'"
    elif type == "array" or type == "object" then error("\(type) cannot be escaped for a shell")
    else tostring end;
  [if type == "array" then .[] else . end | word] | join(" ");

def ltrimstr($text): if type == "string" and ($text | type) == "string" then _ltrimstr($text) else . end;
def rtrimstr($text): if type == "string" and ($text | type) == "string" then _rtrimstr($text) else . end;
def trimstr($text): ltrimstr($text) | rtrimstr($text);

def join($separator):
  def text: if . == null then "" elif type == "array" or type == "object"
    then error("cannot join \(type)") else tostring end;
  reduce .[] as $part (null; if . == null then $part | text else . + $separator + ($part | text) end)
  | . // "";

def walk(f):
  def inside_out: _deeper | if type == "array" then map(inside_out) elif type == "object" then map_values(inside_out) else . end | f;
  inside_out;

# jaq's own deletes with others in the way, and changes the order of keys.
def delpaths($paths):
  def without($path):
    if . == null then .
    elif ($path | length) > 1 then
      if getpath($path[:1]) == null then . else .[$path[0]] |= without($path[1:]) end
    elif type == "object" then with_entries(select(.key != $path[0]))
    elif ($path[0] | type) == "object" then .[:$path[0].start] + if $path[0].end == null then [] else .[$path[0].end:] end
    else
      (if $path[0] < 0 then $path[0] + length else $path[0] end) as $index
      | if $index < 0 then . else .[:$index] + .[$index + 1:] end
    end;
  reduce ($paths | sort | reverse[]) as $path (.; if $path == [] then null else without($path) end);
def del(f): delpaths([path(f)]);

def setpath($path; $value):
  def set($path):
    if $path == [] then $value
    elif ($path[0] | type) == "number" and (. == null or type == "array") and $path[0] >= length
    then [.[]?, (range(length; $path[0]) | null), (null | set($path[1:]))]
    elif . == null then {($path[0]): (null | set($path[1:]))}
    else .[$path[0]] |= set($path[1:]) end;
  set($path);

def from_entries:
  def first_of(names): . as $entry | [names | select(. as $name | $entry | has($name)) | $entry[.]][0];
  reduce .[] as $entry ({};
    ($entry
      | if type == "object" then first_of("key", "k", "name", "Name", "K", "Key") else . end
      | if type == "string" then . elif . == null then "null" else tojson end) as $key
    | .[$key] = ($entry | if type == "object" then first_of("value", "v", "Value", "V") else null end));

def toarray: if type == "array" then . else [.] end;
def isvalid(f): try (f | true) catch false;
def leaf_paths: paths(scalars);
def recurse_down: recurse;

def IN(stream): . as $value | any(stream; . == $value);
def IN(values; stream): any(values; IN(stream));
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);

# jaq's own take what is out of range for another time.
def _checked: if type == "number" and (isnan or fabs > 1e12) then error("a time out of range") else . end;
def gmtime: _checked | _gmtime;
def strftime($format): _checked | _strftime($format);
def todateiso8601: _checked | _todateiso8601;
def todate: todateiso8601;

def date: todate;
def dateadd(unit; $seconds): . + $seconds;
def datesub(unit; $seconds): . - $seconds;

def tostream:
  def events($path):
    if (type == "array" or type == "object") and length > 0 then
      . as $value | keys_unsorted as $keys
      | ($keys[] as $key | $value[$key] | events($path + [$key])), [$path + $keys[-1:]]
    else [$path, .] end;
  events([]);

def truncate_stream(stream):
  . as $depth | null | stream
  | if .[0] | length > $depth then .[0] |= .[$depth:] else empty end;

def fromstream(stream):
  foreach stream as $event ({};
    if .whole then {} end
    | if ($event | length) == 1 then .whole = (($event[0] | length) == 1)
      else .value = (.value | setpath($event[0]; $event[1])) | .whole = ($event[0] == []) end;
    if .whole then .value else empty end);

def _replace($old; $new): split($old) | join($new);

def _row($name; text; separator):
  if type != "array" then error("\(type) cannot be \($name)-formatted, only an array can be")
  else map(
    if type == "string" then text
    elif . == null then ""
    elif type == "array" or type == "object" then error("\(type) is not valid in a \($name) row")
    else tostring end) | join(separator) end;

def @csv: _row("csv"; "\"" + _replace("\""; "\"\"") + "\""; ",");
def @tsv:
  _row("tsv"; _replace("\\"; "\\\\") | _replace("\t"; "\\t") | _replace("\n"; "\\n") | _replace("\r"; "\\r"); "\t");
def format($name):
  if $name == "text" then @text
  elif $name == "json" then @json
  elif $name == "csv" then @csv
  elif $name == "tsv" then @tsv
  elif $name == "html" then @html
  elif $name == "uri" then @uri
  elif $name == "sh" then @sh
  elif $name == "base64" then @base64
  elif $name == "base64d" then @base64d
  else error("\($name) is not a valid format") end;
