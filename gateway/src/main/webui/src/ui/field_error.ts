/** What somebody typed is wrong, known before anybody is asked. */
export class FieldError extends Error {
  /** @param field the name the form has for it */
  constructor(readonly field: string, message: string) {
    super(message);
  }
}
