import {
  keptAnswerHeaders,
  type PushAnswer,
  type PushAnswerHeaders,
  type PushFailureName,
} from '../../model/pushAnswer';
import type { PushPost } from '../pushPost';

const maxBodyBytes = 4096;
const maxHeaderLength = 2048;

/** A safe retry is a retry all the same: a push service that turns away every stream is not asked for ever. */
const maxResends = 3;

/** Push services send none; RFC 9110 section 15.2 allows any number. */
const maxInterimAnswers = 10;

type AnswerSourceHeaders = { readonly [name: string]: string | string[] | undefined };

/**
 * One post on its way to its one answer: gathers what arrives, keeps to the bounds (4 KiB of body, none of a success),
 * and settles exactly once. Once the status is known it counts, whether or not the body ever ends.
 */
export class Exchange {
  settled = false;
  /** Ends the stream or request that carries the post now; set by that carrier. */
  cancel: ((why: 'complete' | PushFailureName) => void) | undefined;
  /** Whether the post has begun to leave; set by a carrier that lets posts wait. */
  hasLeft: (() => boolean) | undefined;
  private status: number | undefined;
  private headers: PushAnswerHeaders = {};
  private chunks: Buffer[] = [];
  private bodyBytes = 0;
  private resends = 0;
  private interimAnswers = 0;

  constructor(
    readonly post: PushPost,
    /** When its time is up, by the transport's `RunningClock`. */
    readonly deadlineAt: number,
    private readonly onSettled: (exchange: Exchange, answer: PushAnswer) => void,
  ) {}

  /** An interim answer (1xx) has come; a push service that sends many of them is not listened to any longer. */
  countInterim(): void {
    this.interimAnswers += 1;
    if (this.interimAnswers > maxInterimAnswers) this.fail('protocol');
  }

  /** The head of the answer has come. */
  begin(status: number, headers: AnswerSourceHeaders): void {
    this.status = status;
    for (const name of keptAnswerHeaders) {
      const value = headers[name];
      if (typeof value === 'string') this.headers[name] = value.slice(0, maxHeaderLength);
    }
  }

  /**
   * A piece of the body has come; the answer is cut beyond 4 KiB. It is copied: the buffer that it came in is large or
   * used again, and an answer may take its time.
   */
  append(chunk: Buffer): void {
    if (this.settled) return;
    if (!this.isSuccess) this.chunks.push(Buffer.from(chunk.subarray(0, maxBodyBytes - this.bodyBytes)));
    this.bodyBytes += chunk.length;
    if (this.bodyBytes > maxBodyBytes) this.cut();
  }

  /** Enough of the answer has come: it is taken as complete and the carrier cancelled. */
  cut(): void {
    this.finish();
    this.cancel?.('complete');
  }

  /** The answer is complete. */
  finish(): void {
    this.settle({
      kind: 'response',
      status: this.status ?? 0,
      headers: this.headers,
      body: this.chunks.length === 0 ? '' : Buffer.concat(this.chunks).toString(),
    });
  }

  get isSuccess(): boolean {
    return this.status !== undefined && this.status >= 200 && this.status < 300;
  }

  /** The carrier is gone, or its time is up. */
  fail(failure: PushFailureName): void {
    if (this.settled) return;
    if (this.status === undefined) this.settle({ kind: 'failure', failure });
    else this.finish();
    this.cancel?.(failure);
  }

  /** True when the post would still wait at a time at which it may no longer be sent. */
  comesTooLate(nowMs: number): boolean {
    if (nowMs < this.post.latestSendAt) return false;
    return this.hasLeft ? !this.hasLeft() : this.cancel === undefined;
  }

  /** True when the post may begin to leave now; one whose time is over, or that is not wanted any more, fails. */
  mayLeave(nowMs: number): boolean {
    if (nowMs >= this.post.latestSendAt) this.fail('timeout');
    else if (this.post.mayLeave?.() === false) this.fail('aborted');
    return !this.settled;
  }

  /** True when this post, surely not taken by the push service, may be sent again now. */
  mayResend(): boolean {
    this.resends += 1;
    const isInTime = Date.now() < this.post.latestSendAt;
    return isInTime && !this.settled && this.status === undefined && this.resends <= maxResends;
  }

  /** The next time that it is sent again does not count: the connection ended, but not without having been of use. */
  refundRetry(): void {
    this.resends -= 1;
  }

  private settle(answer: PushAnswer): void {
    if (this.settled) return;
    this.settled = true;
    this.onSettled(this, answer);
  }
}
