import type { PushPost } from '../../pushPost';
import { pushHeaders } from '../../pushRequest';
import { HpackEncoder, repeatedFields } from './hpackEncoder';

/** Writes the header blocks of one connection's posts: RFC 8030 section 5 in RFC 9113 section 8.3.1. */
export class RequestHead {
  private readonly encoder = new HpackEncoder();
  /** In the order of `repeatedFields`; one array for all posts. */
  private readonly values: Array<string | undefined>;

  constructor(authority: string) {
    this.values = repeatedFields.map((name) => (name === ':authority' ? authority : undefined));
  }

  /** Takes the peer's SETTINGS_HEADER_TABLE_SIZE. */
  resize(peerMaxBytes: number): void {
    this.encoder.resize(peerMaxBytes);
  }

  /** The offset behind the block of a post that leaves now, or -1: see `HpackEncoder.encode`. */
  write(post: PushPost, nowMs: number, target: Buffer, offset: number): number {
    const { values } = this;
    const headers = pushHeaders(post, nowMs);
    values[1] = headers.authorization;
    values[2] = headers.ttl;
    values[3] = headers.urgency;
    values[4] = headers['content-type'];
    values[5] = headers['content-encoding'];
    values[6] = String(post.body.length);
    values[7] = headers.topic;
    values[8] = headers['x-wns-cache-policy'];
    return this.encoder.encode(post.path, values, target, offset);
  }
}
