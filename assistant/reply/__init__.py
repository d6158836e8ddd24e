"""One question and its answer: asked of the model, cut into sentences, spoken, posted and remembered."""
