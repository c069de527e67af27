import { jwtVerify, SignJWT } from 'jose';
import type { MasterSecret } from './masterSecret';

const audience = 'playground';
/** A working day: the page loads parts of its editor when they are wanted. */
const lifetime = '12h';

/**
 * Passes that open the playground in production: a page cannot show a key when a browser loads it, so an admin key gets
 * an address with a pass in it. Every process with the secret reads them.
 */
export class PlaygroundPasses {
  readonly #key: Buffer;

  constructor(secret: MasterSecret) {
    this.#key = secret.deriveKey('playground');
  }

  issue(): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setExpirationTime(lifetime)
      .sign(this.#key);
  }

  /** Whether this was issued here, and not too long ago. */
  async admits(pass: string): Promise<boolean> {
    const options = { audience, algorithms: ['HS256'], requiredClaims: ['exp'] };
    return jwtVerify(pass, this.#key, options).then(
      () => true,
      () => false,
    );
  }
}
