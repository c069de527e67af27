import { domainToUnicode } from 'node:url';

/**
 * A URL as browsers parse it (WHATWG URL); undefined for what is not one. In place of `URL.canParse`, which in Node 20
 * refuses host names with Latin-1 letters once V8 has compiled the function that calls it. A host name that is not valid
 * punycode is refused by every version of Node: some parsers take it as it is.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return isValidName(url.hostname) ? url : undefined;
  } catch {
    return undefined;
  }
}

const punycodeLabel = /(?:^|\.)xn--/;

/** Whether each label that claims to be punycode stands for a name that would be written so (RFC 5891 section 4.4). */
function isValidName(hostname: string): boolean {
  if (!punycodeLabel.test(hostname)) return true;
  const name = domainToUnicode(hostname);
  return name !== '' && !punycodeLabel.test(name) && new URL(`http://${name}`).hostname === hostname;
}
