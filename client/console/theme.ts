import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

/** Brass, the colour of the instrument, which fills buttons on dark; on light they are filled with ink, shade 8. */
const brass: MantineColorsTuple = [
  '#fff8e6',
  '#ffedc4',
  '#fdde94',
  '#f8ca5c',
  '#f2b632',
  '#dd9c12',
  '#bf8206',
  '#9c6800',
  '#23263a',
  '#6b4600',
];

/** Blue-grey dark surfaces instead of plain grey. */
const dark: MantineColorsTuple = [
  '#eceaf2',
  '#c6c8d6',
  '#a9acbf',
  '#6f7388',
  '#3c4150',
  '#313541',
  '#262a35',
  '#1b1e27',
  '#14161c',
  '#0f1116',
];

/** The look of the console. */
export const theme = createTheme({
  primaryColor: 'brass',
  primaryShade: { light: 8, dark: 4 },
  colors: { brass, dark },
  black: '#23263a',
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    // filled, both are dark on light and light on dark, and what stands on them the other way round
    const isOwn = input.color === undefined || input.color === 'brass' || input.color === 'red';
    // what cannot be taken back is red in the dark, too
    if (input.variant === 'subtle' && input.color === 'red') return { ...colors, color: 'var(--danger)' };
    return input.variant === 'filled' && isOwn ? { ...colors, color: 'var(--on-primary)' } : colors;
  },
});
