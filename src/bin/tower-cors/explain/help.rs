//! What `--help` says below the arguments.

pub(super) const EXAMPLES: &str = "\
Examples:
  tower-cors explain cors.toml --origin https://app.example.com
  tower-cors explain cors.toml --origin https://app.example.com --method PUT \\
      --header 'content-type: application/json' --credentials
  tower-cors explain cors.toml --request request.har
  curl -v https://api.example.com/items -H 'Origin: https://app.example.com' \\
      2>&1 | tower-cors explain cors.toml -
  tower-cors explain cors.toml --request request.har --patch | patch -p0
  tower-cors explain --origin https://app.example.com --method DELETE

REQUEST is one saved request or several: copy as fetch, copy as
fetch (Node.js), copy all as fetch, copy as cURL (bash or cmd), the output of
`curl -v` or `curl -i`, raw HTTP, a HAR, or the line of a browser's console.
Flags supply what the text does not show, or replace what it shows.

Without a policy: what the browser sends, and a policy that would allow it.
Without arguments: an example.

Exit status: 0 if the page can read the response, 1 if not, 2 if the question
could not be understood. With several requests, the worst counts. With `--patch`:
0 if the page can read the response after the change, 1 if no change helps.";

pub(super) const JSON: &str = "\
JSON document (`--json`):
  readable     whether the page can read every response
  summary      how many requests are `readable` (`same_origin` of them),
               `blocked`, `unknown`
  requests     one object for each:
    place        its place in the text; empty if there is only one request
    verdict      `readable`, `blocked` or `unknown`
    reason       `allowed`, `same-origin`, `preflight-passes`,
                 `preflight-refused`, `response-kept`, `never-sent`, `no-cors`,
                 `in-front` (this policy allows it, but what was recorded does
                 not), or `missing`
    message      the first sentence of the text
    page, method, url
                 of the page's request; page is null if unknown
    credentials  `omit`, `same-origin`, `include`, or null if unknown
    exchanges    what goes over the wire; each has
      preflight    whether it is the preflight
      request      method, url, headers: pairs of a name and a value, which is
                   null if it may be a secret
      response     status, headers: pairs, only those of CORS
      explanation  allowed, denial, steps: as `Explanation` in the library
    browser      what a browser says of these answers, or null
    remedies     what would fix it: kind, value, text
    recorded     what the text has recorded:
      responses    preflight, response, of_this_policy, differences (of,
                   recorded, policy), cause, evidence (pairs), browser
      refused      how the browser refused it (words, status), or null
    caveats      what the text does not show
  patch        with `--patch` only:
    additions    what it adds: policy (index in the file, from 0), field,
                 value; empty if no change is needed
    diff         as printed without `--json`, or null
    refusal      why there is none, or null
    advice       what to change instead";
