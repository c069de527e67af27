import { agreesWithNode, type KeyAgreement, nodeKeyAgreement } from './keyAgreement';
import { opensslKeyAgreement } from './opensslKeyAgreement';

let chosen: KeyAgreement | undefined;

/** The fastest agreement that works here, decided at the first call. */
export function chosenKeyAgreement(): KeyAgreement {
  chosen ??= firstThatWorks([opensslKeyAgreement, nodeKeyAgreement]);
  return chosen;
}

function firstThatWorks(makers: readonly (() => KeyAgreement | undefined)[]): KeyAgreement {
  for (const make of makers) {
    const made = make();
    if (made && agreesWithNode(made)) return made;
  }
  throw new Error('No key agreement on P-256 works on this machine.');
}
