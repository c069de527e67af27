/** A document of schema/operations, as the one-line string that goes over the wire. */
declare module '*.graphql' {
  const document: string;
  export default document;
}
