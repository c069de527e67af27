/** The application that is there from the start; its admins also make and see the others. */
export const platformApplication = 'default';
