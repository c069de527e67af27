/** The arguments of every Relay connection. */
export const firstArgument = {
  nullable: true,
  defaultValue: 20,
  description: 'How many at most, 1 to 100.',
} as const;

export const afterArgument = {
  nullable: true,
  description: 'Go on after this cursor.',
} as const;
