const JAR = "java -jar gateway/target/fairlead.jar";

/** A command of the gateway's own command line, as it is typed where the gateway was built and for this gateway. */
export function shell(command: string): string {
  return `${address()}${JAR} ${command}`;
}

/** One that is run with the token another one prints. */
export function withToken(name: string, command: string): string {
  return `${address()}FAIRLEAD_TOKEN=$(${address()}${JAR} token create ${name}) ${JAR} ${command}`;
}

/** The default needs no word. */
function address(): string {
  return ["http://localhost:18800", "http://127.0.0.1:18800"].includes(location.origin)
    ? ""
    : `FAIRLEAD_URL=${location.origin} `;
}
