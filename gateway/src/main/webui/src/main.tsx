import { render } from "preact";
import { App } from "./app/app.tsx";
import { forgetReplaced } from "./app/forget.ts";
import { startKeys } from "./app/keys.ts";
import { startRouter } from "./app/router.ts";
import { startSession } from "./app/session.tsx";
import { startTheme } from "./app/settings.ts";
import { startTicking } from "./app/time.ts";

forgetReplaced();
startTheme();
startRouter();
startKeys();
startTicking();
void startSession();
render(<App />, document.getElementById("app")!);
