/** The least group that is usual; 10 and more for data given to others. A smaller one is warned of, and never advised. */
export const USUAL_K = 5;
