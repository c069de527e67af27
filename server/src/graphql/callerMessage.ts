/** Longer messages are cut before anything looks at them: graphql-js repeats a caller's values in full. */
const maxMessageLength = 500;

/**
 * What graphql-js says about a caller's document or variables, without the values that it repeats and without the names
 * of the schema that resemble a wrong one. `locations` and `path` of the error name the place.
 */
export function callerMessage(whole: string): string {
  const message = whole.slice(0, maxMessageLength);
  if (message.startsWith('Value "')) return 'Not a value of this enum.';
  if (message.startsWith('Unknown operation named "')) return 'The document has no operation with this name.';
  if (message.startsWith('Field "') && !startsWithName.test(message)) {
    return 'A field is not defined by the type of this input.';
  }
  const kept = cutBefore(message, valueMarkOf(message));
  if (kept !== message) return `${kept}.`;
  const plain = cutBefore(message, message.lastIndexOf(' Did you mean '));
  return plain === message && whole.length > maxMessageLength ? `${message}…` : plain;
}

/** A key of an input object can be any text; the name of a field cannot. */
const startsWithName = /^Field "\w{1,100}"/;

/** `Syntax Error: Expected Name, found String "…"` */
const tokenValue = / (?:Name|Int|Float|String|BlockString) "/;

/** Where the first value of the caller begins, or -1. */
function valueMarkOf(message: string): number {
  if (message.startsWith('Syntax Error: ')) {
    const token = tokenValue.exec(message);
    return token ? token.index + token[0].length - ' "'.length : -1;
  }
  if (message.startsWith('Expected value of type "')) return message.indexOf(', found ');
  return message.includes(' cannot represent ') ? message.indexOf(': ') : -1;
}

function cutBefore(message: string, at: number): string {
  return at < 0 ? message : message.slice(0, at);
}
