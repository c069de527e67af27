import { type KeptAnswerHeader, keptAnswerHeaders, type PushAnswerHeaders } from '../../../model/pushAnswer';
import type { HeaderField } from './hpackStaticTable';

const kept: ReadonlySet<string> = new Set(keptAnswerHeaders);
const statusFormat = /^[1-9]\d\d$/;

/** Gathers the head of one answer from its fields (RFC 9113 section 8.3.2): the status, and the headers we keep. */
export class AnswerHead {
  status = 0;
  headers: PushAnswerHeaders = {};
  /** The answer breaks a rule of RFC 9113 section 8.2 or 8.3 and counts for nothing. */
  isMalformed = false;
  private hasRegularField = false;

  reset(): void {
    this.status = 0;
    this.headers = {};
    this.isMalformed = false;
    this.hasRegularField = false;
  }

  readonly take = (field: HeaderField): void => {
    if (!field.isWellFormed) this.isMalformed = true;
    else if (field.name.startsWith(':')) this.takePseudoField(field);
    else this.takeField(field);
  };

  private takePseudoField({ name, value }: HeaderField): void {
    if (name !== ':status' || this.status !== 0 || this.hasRegularField || !statusFormat.test(value)) {
      this.isMalformed = true;
    } else {
      this.status = Number(value);
    }
  }

  private takeField({ name, value }: HeaderField): void {
    this.hasRegularField = true;
    if (isKept(name)) this.headers[name] ??= value;
  }
}

function isKept(name: string): name is KeptAnswerHeader {
  return kept.has(name);
}
