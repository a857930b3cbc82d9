/** Stands for the owner until a person puts the own Flux ID there. */
export const OWNER_PLACEHOLDER = 'REPLACE_WITH_YOUR_FLUX_ID';
