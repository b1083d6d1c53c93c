/**
 * Of a group of k one has the median, and of as many values as a step has units one is shown as it is: so many subjects there
 * are, at least, to one whose own value is shown as its group's median.
 */
export const OWN_VALUE_IN = 50;
