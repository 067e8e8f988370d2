import assert from "node:assert/strict";
import { baseOf, withBase, withoutBase } from "./base.ts";

Deno.test("the_script_knows_below_which_path_a_proxy_has_the_gateway", () => {
  assert.equal(baseOf("http://localhost:18800/assets/app-X.js"), "");
  assert.equal(baseOf("https://gw.example/fairlead/assets/app-X.js"), "/fairlead");
  assert.equal(baseOf("https://gw.example/a/b/assets/app-X.js"), "/a/b");
  assert.equal(baseOf("file:///src/app/base.ts"), "");
});

Deno.test("a_path_of_the_gateway_and_one_of_the_browser_are_told_apart_by_the_base", () => {
  assert.equal(withBase("/market", "/fairlead"), "/fairlead/market");
  assert.equal(withBase("/market", ""), "/market");
  assert.equal(withBase("/fairlead/market", "/fairlead"), "/fairlead/market");
  assert.equal(withBase("//host/x", "/fairlead"), "//host/x");
  assert.equal(withBase("https://host/x", "/fairlead"), "https://host/x");
  assert.equal(withoutBase("/fairlead/market", "/fairlead"), "/market");
  assert.equal(withoutBase("/fairlead", "/fairlead"), "/");
  assert.equal(withoutBase("/fairleadership", "/fairlead"), "/fairleadership");
  assert.equal(withoutBase("/market", ""), "/market");
});
