/** What the resolver of an audited field answers when everything was so already: then the audit log has no entry of it. */
export class Unchanged<Result> {
  constructor(readonly result: Result) {}
}
