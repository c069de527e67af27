import { findProgram } from '../../support/process/ownProcess';

/** Where Firefox lies, if it is there; FANFARE_FIREFOX names another. */
export const firefoxPath = process.env.FANFARE_FIREFOX ?? findProgram('firefox-esr', 'firefox') ?? '';

/** Where Chromium or Chrome lies, if it is there; FANFARE_CHROMIUM names another. */
export const chromiumPath =
  process.env.FANFARE_CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome') ?? '';
