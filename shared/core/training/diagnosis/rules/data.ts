/** Data and numbers: what does not fit the model, and what is not finite. */
import { inError, inLine, type Rule } from "../rule.ts";

const FIX_MISSING_VALUES = "Fill or drop missing values first; check-data finds them before the training";

export const DATA_RULES: readonly Rule[] = [
  inError("divergence", /returned nan values in its|found invalid values:?$/),
  inLine("divergence", /^(?:\S+: )?(?:Loss|The loss) (?:is|became|was) (?:nan|inf|-inf|not finite)\b/i),
  inError(
    "divergence",
    /The loss returned in `?\w+`? is (?:nan|inf)|(?:loss|gradient norm|grad_norm)\S{0,40} is (?:nan|inf|not finite)/i,
  ),
  inError("divergence", /^FloatingPointError: /),
  inLine("divergence", /\bloss["']?\s?[:=]?\s?(?:nan|-?inf(?:inity)?)\b/i, { confidence: "medium" }),

  inError("data-mismatch", /mat1 and mat2 (?:shapes cannot be multiplied|must have the same dtype)/),
  inError("data-mismatch", /size mismatch for |Error\(s\) in loading state_dict for /, {
    fix: "Load a checkpoint of the same architecture, or train from the start",
  }),
  inError("data-mismatch", /The size of tensor \w+ \(\d+\) must match the size of tensor \w+ \(\d+\)/),
  inError("data-mismatch", /stack expects each tensor to be equal size/),
  inError(
    "data-mismatch",
    /Sizes of tensors must match except in dimension|shape '\[[^\]]{0,80}\]' is invalid for input of size/,
  ),
  inError("data-mismatch", /expected scalar type \w+ but found \w+|Input type \(\S{1,60}\) and weight type/),
  inError("data-mismatch", /Expected all tensors to be on the same device/, {
    fix: "Move the batch to the model's device with .to(device)",
  }),
  inError("data-mismatch", /Target \S{1,20} is out of bounds|index out of range in self/),
  inError(
    "data-mismatch",
    /expected input\[[^\]]{0,80}\] to have \d+ channels|Expected input batch_size \(\d+\) to match/,
  ),
  inError(
    "data-mismatch",
    /operands could not be broadcast together with shapes|shapes \S{1,60} and \S{1,60} not aligned/,
  ),
  inError(
    "data-mismatch",
    /Incompatible shapes: |Dimensions must be equal, but are|dot_general requires contracting dimensions/,
  ),
  inError("data-mismatch", /X has \d+ features, but \w+ is expecting \d+ features/),
  inError("data-mismatch", /The feature names should match those that were passed during fit|feature_names mismatch/),
  inError("data-mismatch", /Found input variables with inconsistent numbers of samples/),
  inError("data-mismatch", /Input (?:X |y )?contains (?:NaN|infinity)/, { fix: FIX_MISSING_VALUES }),
  inError("data-mismatch", /could not convert string to float/, { showsData: true }),
  inError("data-mismatch", /dtype='numeric' is not compatible with arrays of bytes\/strings/),
  inError("data-mismatch", /can't convert np\.ndarray of type numpy\.object_/),
];
