import { render } from "preact";
import { App } from "./app/app.tsx";
import { startKeys } from "./app/keys.ts";
import { startRouter } from "./app/router.ts";
import { startSession } from "./app/session.tsx";
import { startTheme } from "./app/settings.ts";
import { startTicking } from "./app/time.ts";

startTheme();
startRouter();
startKeys();
startTicking();
void startSession();
render(<App />, document.getElementById("app")!);
