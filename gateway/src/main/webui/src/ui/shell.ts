import { session } from "../app/session.tsx";
import { joinCommand } from "./command_line.ts";

/** Where a command looks by itself. */
const DEFAULT_URL = "http://127.0.0.1:18800";

/** A command of the gateway's own command line, as a shell of its machine runs it for this gateway from any folder. */
export function shell(command: string): string {
  return `${environment()}${program()} ${command}`;
}

/** One that is run with the token another one prints. */
export function withToken(name: string, command: string): string {
  return `${environment()}FAIRLEAD_TOKEN=$(${shell(`token create ${name}`)}) ${program()} ${command}`;
}

/** The gateway started anew where it listens and keeps its data now, with some settings besides. */
export function serve(options: string, secrets = ""): string {
  const port = new URL(url()).port;
  const folder = session.value?.shell?.data_dir;
  return [
    ...(secrets === "" ? [] : [secrets]),
    `${program()} serve`,
    ...(url() === DEFAULT_URL || port === "" ? [] : [`--port ${port}`]),
    ...(folder === undefined ? [] : [`--data-dir ${joinCommand([folder])}`]),
    options,
  ].join(" ");
}

/** Without what only matters where a gateway is called. */
export function program(): string {
  return joinCommand(session.value?.shell?.program ?? ["fairlead"]);
}

function url(): string {
  return session.value?.shell?.url ?? DEFAULT_URL;
}

/** The defaults need no word. */
function environment(): string {
  const folder = session.value?.shell?.data_dir;
  return (url() === DEFAULT_URL ? "" : `FAIRLEAD_URL=${url()} `) +
    (folder === undefined ? "" : `FAIRLEAD_DATA_DIR=${joinCommand([folder])} `);
}
