/** Error codes of RST_STREAM and GOAWAY (RFC 9113 section 7). */
export const http2ErrorCodes = {
  noError: 0x0,
  protocolError: 0x1,
  flowControlError: 0x3,
  streamClosed: 0x5,
  frameSizeError: 0x6,
  refusedStream: 0x7,
  cancel: 0x8,
  compressionError: 0x9,
  enhanceYourCalm: 0xb,
  http11Required: 0xd,
} as const;

export type Http2ErrorCode = (typeof http2ErrorCodes)[keyof typeof http2ErrorCodes];

/**
 * The peer broke HTTP/2 in a way that ends the connection (RFC 9113 section 5.4.1). Thrown while its bytes are
 * read and caught by the connection, which says the code in its GOAWAY; it goes no further.
 */
export class Http2Error extends Error {
  /** What `failureOf` knows a broken protocol by. */
  readonly code = 'ERR_HTTP2';

  constructor(
    readonly http2Code: Http2ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The most frequent kind. */
export function protocolError(message: string): Http2Error {
  return new Http2Error(http2ErrorCodes.protocolError, message);
}
