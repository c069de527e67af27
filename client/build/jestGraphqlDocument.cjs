const { stripIgnoredCharacters } = require('graphql');

/** The same as graphqlDocument.ts, for jest. */
module.exports = {
  process: (source) => ({ code: `exports.default = ${JSON.stringify(stripIgnoredCharacters(source))};` }),
};
