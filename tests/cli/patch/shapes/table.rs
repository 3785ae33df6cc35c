//! The ways to write a policy.

/// A way to write a policy, and its patch.
pub(super) struct Shape {
    /// What is special about the text.
    pub(super) fact: &'static str,
    pub(super) policy: &'static str,
    pub(super) flags: &'static [&'static str],
    /// The diff without the names of the file.
    pub(super) hunks: &'static str,
}

const NEW: &[&str] = &["--origin", "https://new.test"];
const PUT: &[&str] = &["--origin", "https://a.test", "--method", "PUT"];
const PUT_WITH_HEADER: &[&str] = &["--origin", "https://a.test", "--method", "PUT", "--header", "x-a: 1"];

pub(super) const SHAPES: &[Shape] = &[
    Shape {
        fact: "an array on one line",
        policy: "allow_origins = [\"https://a.test\", \"https://b.test\"]\n",
        flags: NEW,
        hunks: r#"@@ -1 +1 @@
-allow_origins = ["https://a.test", "https://b.test"]
+allow_origins = ["https://a.test", "https://b.test", "https://new.test"]
"#,
    },
    Shape {
        fact: "blanks inside the brackets, a comma at the end, a comment",
        policy: "allow_origins = [ \"https://a.test\", \"https://b.test\", ] # pages\n",
        flags: NEW,
        hunks: r#"@@ -1 +1 @@
-allow_origins = [ "https://a.test", "https://b.test", ] # pages
+allow_origins = [ "https://a.test", "https://b.test", "https://new.test", ] # pages
"#,
    },
    Shape {
        fact: "literal strings, a line each, comments, no comma at the end",
        policy: r"allow_origins = [
    'https://a.test', # the app
    'https://b.test' # the shop
]
",
        flags: NEW,
        hunks: r"@@ -1,4 +1,5 @@
 allow_origins = [
     'https://a.test', # the app
-    'https://b.test' # the shop
+    'https://b.test', # the shop
+    'https://new.test'
 ]
",
    },
    Shape {
        fact: "a line each, a comma at the end",
        policy: "allow_origins = [\n\t\"https://a.test\",\n\t\"https://b.test\", # the shop\n\t# more to come\n]\n",
        flags: NEW,
        hunks: "@@ -1,5 +1,6 @@\n allow_origins = [\n \t\"https://a.test\",\n \t\"https://b.test\", # the shop\n+\t\"https://new.test\",\n \t# more to come\n ]\n",
    },
    Shape {
        fact: "two lines of several elements",
        policy: r#"allow_origins = [
  "https://a.test", "https://b.test",
  "https://c.test", "https://d.test",
]
"#,
        flags: NEW,
        hunks: r#"@@ -1,4 +1,4 @@
 allow_origins = [
   "https://a.test", "https://b.test",
-  "https://c.test", "https://d.test",
+  "https://c.test", "https://d.test", "https://new.test",
 ]
"#,
    },
    Shape {
        fact: "the closing bracket behind the last element",
        policy: r#"allow_origins = [
  "https://a.test",
  "https://b.test"]
"#,
        flags: NEW,
        hunks: r#"@@ -1,3 +1,4 @@
 allow_origins = [
   "https://a.test",
-  "https://b.test"]
+  "https://b.test",
+  "https://new.test"]
"#,
    },
    Shape {
        fact: "commas in front",
        policy: r#"allow_origins = [ "https://a.test"
                , "https://b.test"
                ]
"#,
        flags: NEW,
        hunks: r#"@@ -1,3 +1,3 @@
 allow_origins = [ "https://a.test"
-                , "https://b.test"
+                , "https://b.test", "https://new.test"
                 ]
"#,
    },
    Shape {
        fact: "a comma on a line of its own",
        policy: r#"allow_origins = [
  "https://a.test" # the app, mostly
  # [ and more,
  , # a comma
  # last
]
"#,
        flags: NEW,
        hunks: r#"@@ -2,5 +2,6 @@
   "https://a.test" # the app, mostly
   # [ and more,
   , # a comma
+  "https://new.test",
   # last
 ]
"#,
    },
    Shape {
        fact: "an empty array",
        policy: r#"allow_origins = ["https://a.test"]
allow_methods = []
allow_headers = [ ] # none
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,3 +1,3 @@
 allow_origins = ["https://a.test"]
-allow_methods = []
-allow_headers = [ ] # none
+allow_methods = ["PUT"]
+allow_headers = [ "x-a" ] # none
"#,
    },
    Shape {
        fact: "an empty array over several lines",
        policy: r#"allow_origins = ["https://a.test"]
allow_methods = [
]
allow_headers = [
  # none yet
]
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,6 +1,8 @@
 allow_origins = ["https://a.test"]
 allow_methods = [
+    "PUT",
 ]
 allow_headers = [
   # none yet
+  "x-a",
 ]
"#,
    },
    Shape {
        fact: "a string with commas",
        policy: r#"allow_origins = 'https://a.test'
allow_methods = "PATCH, DELETE" # not PUT
allow_headers = "x-b,x-c"
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,3 +1,3 @@
 allow_origins = 'https://a.test'
-allow_methods = "PATCH, DELETE" # not PUT
-allow_headers = "x-b,x-c"
+allow_methods = "PATCH, DELETE, PUT" # not PUT
+allow_headers = "x-b,x-c,x-a"
"#,
    },
    Shape {
        fact: "an empty string",
        policy: r"allow_origins = 'https://a.test'
allow_methods = ''
",
        flags: PUT,
        hunks: r"@@ -1,2 +1,2 @@
 allow_origins = 'https://a.test'
-allow_methods = ''
+allow_methods = 'PUT'
",
    },
    Shape {
        fact: "a string over several lines",
        policy: r#"allow_origins = "https://a.test"
allow_methods = """
    PATCH,
    DELETE
"""
"#,
        flags: PUT,
        hunks: r#"@@ -1,5 +1,6 @@
 allow_origins = "https://a.test"
 allow_methods = """
     PATCH,
-    DELETE
+    DELETE,
+    PUT
 """
"#,
    },
    Shape {
        fact: "no list of methods or headers",
        policy: r#"# The app.
allow_origins = ["https://a.test"] # one
allow_credentials = true
max_age = 5
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,4 +1,6 @@
 # The app.
 allow_origins = ["https://a.test"] # one
 allow_credentials = true
+allow_methods = ["PUT"]
+allow_headers = ["x-a"]
 max_age = 5
"#,
    },
    Shape {
        fact: "no list beside strings",
        policy: r"allow_origins = 'https://a.test'
max_age = '5s'
",
        flags: PUT_WITH_HEADER,
        hunks: r"@@ -1,2 +1,4 @@
 allow_origins = 'https://a.test'
+allow_methods = 'PUT'
+allow_headers = 'x-a'
 max_age = '5s'
",
    },
    Shape {
        fact: "fields in another order",
        policy: r#"max_age = 5
allow_headers = ["x-b"]
expose_headers = []
allow_origins = ["https://a.test"]
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,4 +1,5 @@
 max_age = 5
-allow_headers = ["x-b"]
+allow_headers = ["x-b", "x-a"]
 expose_headers = []
 allow_origins = ["https://a.test"]
+allow_methods = ["PUT"]
"#,
    },
    Shape {
        fact: "equals signs in one column",
        policy: r"allow_origins     = ['https://a.test']
allow_credentials = true
max_age           = 5
",
        flags: PUT_WITH_HEADER,
        hunks: r"@@ -1,3 +1,5 @@
 allow_origins     = ['https://a.test']
 allow_credentials = true
+allow_methods     = ['PUT']
+allow_headers     = ['x-a']
 max_age           = 5
",
    },
    Shape {
        fact: "no blanks around equals signs",
        policy: r#"allow_origins=["https://a.test"]
max_age=5
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,2 +1,4 @@
 allow_origins=["https://a.test"]
+allow_methods=["PUT"]
+allow_headers=["x-a"]
 max_age=5
"#,
    },
    Shape {
        fact: "quoted keys",
        policy: r#""allow_origins" = ["https://a.test"]
"allow_methods" = ["PATCH"]
"#,
        flags: PUT,
        hunks: r#"@@ -1,2 +1,2 @@
 "allow_origins" = ["https://a.test"]
-"allow_methods" = ["PATCH"]
+"allow_methods" = ["PATCH", "PUT"]
"#,
    },
    Shape {
        fact: "the table `cors`, indented, among others",
        policy: r#"[server]
port = 3000

[cors]
  allow_origins = ["https://a.test"]

[log]
level = "info"
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -3,6 +3,8 @@
 
 [cors]
   allow_origins = ["https://a.test"]
+  allow_methods = ["PUT"]
+  allow_headers = ["x-a"]
 
 [log]
 level = "info"
"#,
    },
    Shape {
        fact: "dotted keys",
        policy: r#"port = 3000
cors.allow_origins = ["https://a.test"]
cors.max_age = 5
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,3 +1,5 @@
 port = 3000
 cors.allow_origins = ["https://a.test"]
+cors.allow_methods = ["PUT"]
+cors.allow_headers = ["x-a"]
 cors.max_age = 5
"#,
    },
    Shape {
        fact: "an inline table",
        policy: "cors = { allow_origins = [\"https://a.test\"], max_age = 5 } # short\n",
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1 +1 @@
-cors = { allow_origins = ["https://a.test"], max_age = 5 } # short
+cors = { allow_origins = ["https://a.test"], allow_methods = ["PUT"], allow_headers = ["x-a"], max_age = 5 } # short
"#,
    },
    Shape {
        fact: "an inline table that ends with the field",
        policy: "cors = {max_age=5,allow_origins=\"https://a.test\"}\n",
        flags: PUT,
        hunks: r#"@@ -1 +1 @@
-cors = {max_age=5,allow_origins="https://a.test"}
+cors = {max_age=5,allow_origins="https://a.test", allow_methods="PUT"}
"#,
    },
    Shape {
        fact: "an inline table over several lines",
        policy: r#"cors = {
  allow_origins = ["https://a.test"], # pages
  allow_methods = ["PATCH"] # methods
}
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1,4 +1,5 @@
 cors = {
   allow_origins = ["https://a.test"], # pages
-  allow_methods = ["PATCH"] # methods
+  allow_methods = ["PATCH", "PUT"], # methods
+  allow_headers = ["x-a"]
 }
"#,
    },
    Shape {
        fact: "the policy that decides of a list",
        policy: r#"# First the partners.
[[cors]]
allow_origins = ["https://b.test"]
allow_methods = ["PUT"]

[[cors]]
allow_origins = ["https://a.test"]

[[cors]]
allow_origins = ["https://c.test"]
"#,
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -5,6 +5,8 @@
 
 [[cors]]
 allow_origins = ["https://a.test"]
+allow_methods = ["PUT"]
+allow_headers = ["x-a"]
 
 [[cors]]
 allow_origins = ["https://c.test"]
"#,
    },
    Shape {
        fact: "the last policy of a list, for an origin that none allows",
        policy: r#"[[cors]]
allow_origins = ["https://b.test"]

[[cors]]
allow_origins = ["https://a.test"]
"#,
        flags: NEW,
        hunks: r#"@@ -2,4 +2,4 @@
 allow_origins = ["https://b.test"]
 
 [[cors]]
-allow_origins = ["https://a.test"]
+allow_origins = ["https://a.test", "https://new.test"]
"#,
    },
    Shape {
        fact: "a list of inline tables",
        policy: r#"cors = [
  { allow_origins = "https://b.test" },
  { allow_origins = "https://a.test" },
]
"#,
        flags: PUT,
        hunks: r#"@@ -1,4 +1,4 @@
 cors = [
   { allow_origins = "https://b.test" },
-  { allow_origins = "https://a.test" },
+  { allow_origins = "https://a.test", allow_methods = "PUT" },
 ]
"#,
    },
    Shape {
        fact: "a preset that has a header",
        policy: r#"allow_origins = ["https://a.test"]
presets = ["mcp"]
"#,
        flags: &[
            "--origin",
            "https://a.test",
            "--method",
            "POST",
            "--header",
            "mcp-session-id",
            "--header",
            "x-a",
        ],
        hunks: r#"@@ -1,2 +1,3 @@
 allow_origins = ["https://a.test"]
+allow_headers = ["x-a"]
 presets = ["mcp"]
"#,
    },
    Shape {
        fact: "a prefix that covers a header",
        policy: r#"allow_origins = ["https://a.test"]
allow_headers = ["x-stainless-*"]
"#,
        flags: &["--origin", "https://a.test", "--header", "x-stainless-os", "--header", "x-a"],
        hunks: r#"@@ -1,2 +1,2 @@
 allow_origins = ["https://a.test"]
-allow_headers = ["x-stainless-*"]
+allow_headers = ["x-stainless-*", "x-a"]
"#,
    },
    Shape {
        fact: "any header, but not `Authorization`",
        policy: r#"allow_origins = ["https://a.test"]
allow_headers = "*"
"#,
        flags: &["--origin", "https://a.test", "--header", "authorization: Bearer a"],
        hunks: r#"@@ -1,2 +1,2 @@
 allow_origins = ["https://a.test"]
-allow_headers = "*"
+allow_headers = "*, authorization"
"#,
    },
    Shape {
        fact: "all at once",
        policy: r#"allow_origins = ["https://a.test"]
allow_methods = ["PATCH"]
"#,
        flags: &[
            "--origin",
            "https://new.test",
            "--method",
            "DELETE",
            "--header",
            "content-type: application/json",
            "--header",
            "x-a",
            "--header",
            "x-b",
        ],
        hunks: r#"@@ -1,2 +1,3 @@
-allow_origins = ["https://a.test"]
-allow_methods = ["PATCH"]
+allow_origins = ["https://a.test", "https://new.test"]
+allow_methods = ["PATCH", "DELETE"]
+allow_headers = ["content-type", "x-a", "x-b"]
"#,
    },
    Shape {
        fact: "the service's own origins",
        policy: r#"allow_origins = ["https://a.test"]
reject_disallowed_origins = true
served_at = ["https://api.test"]
"#,
        flags: &["--origin", "https://a.test", "--url", "https://api.other.test/items"],
        hunks: r#"@@ -1,3 +1,3 @@
 allow_origins = ["https://a.test"]
 reject_disallowed_origins = true
-served_at = ["https://api.test"]
+served_at = ["https://api.test", "https://api.other.test"]
"#,
    },
    Shape {
        fact: "CRLF",
        policy: "# CORS\r\nallow_origins = [\r\n  \"https://a.test\", # the app\r\n]\r\nallow_methods = [ # none\r\n]\r\n",
        flags: PUT_WITH_HEADER,
        hunks: "@@ -3,4 +3,6 @@\n   \"https://a.test\", # the app\r\n ]\r\n allow_methods = [ # none\r\n+    \"PUT\",\r\n ]\r\n+allow_headers = [\"x-a\"]\r\n",
    },
    Shape {
        fact: "no line break at the end",
        policy: "allow_origins = [\"https://a.test\"]",
        flags: PUT_WITH_HEADER,
        hunks: r#"@@ -1 +1,3 @@
-allow_origins = ["https://a.test"]
\ No newline at end of file
+allow_origins = ["https://a.test"]
+allow_methods = ["PUT"]
+allow_headers = ["x-a"]
\ No newline at end of file
"#,
    },
    Shape {
        fact: "CRLF, but not at the end",
        policy: "max_age = 5\r\nallow_origins = [\"https://a.test\"]",
        flags: PUT,
        hunks: "@@ -1,2 +1,3 @@\n max_age = 5\r\n-allow_origins = [\"https://a.test\"]\n\\ No newline at end of file\n+allow_origins = [\"https://a.test\"]\r\n+allow_methods = [\"PUT\"]\n\\ No newline at end of file\n",
    },
    Shape {
        fact: "a byte order mark",
        policy: "\u{feff}allow_origins = [\"https://a.test\"]\n",
        flags: PUT,
        hunks: "@@ -1 +1,2 @@\n \u{feff}allow_origins = [\"https://a.test\"]\n+allow_methods = [\"PUT\"]\n",
    },
    Shape {
        fact: "two hunks",
        policy: r#"allow_origins = ["https://a.test"]
# 1
# 2
# 3
# 4
# 5
# 6
# 7
# 8
# 9
allow_methods = ["PATCH"]
# end
"#,
        flags: &["--origin", "https://new.test", "--method", "PUT"],
        hunks: r#"@@ -1,4 +1,4 @@
-allow_origins = ["https://a.test"]
+allow_origins = ["https://a.test", "https://new.test"]
 # 1
 # 2
 # 3
@@ -8,5 +8,5 @@
 # 7
 # 8
 # 9
-allow_methods = ["PATCH"]
+allow_methods = ["PATCH", "PUT"]
 # end
"#,
    },
];
