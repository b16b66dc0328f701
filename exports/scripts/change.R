# Computes the change table anew from the answers in this folder, and compares it with change_printed.csv, sign by sign.
# Base R only. Run it in this folder:  Rscript change.R
# It reads scores.csv (the scores and their items), data.csv (who interpreted), change.csv (what was declared, never its
# figures) and change_pairs.csv (the arms), and writes change_from_r.csv.

instrument <- "@INSTRUMENT@"
data_file <- "@DATA@"
prefix <- "@PREFIX@"
bound <- @BOUND@ # a person's index beyond this is a reliable change
least_for_alpha <- @LEAST_FOR_ALPHA@ # people, below which alpha is not used

table_of <- function(name, ...) read.csv(name, na.strings = "", fileEncoding = "UTF-8", check.names = FALSE, ...)
named <- function(table, name) table[[paste0(prefix, name)]]

printed <- read.csv("change_printed.csv", colClasses = "character", fileEncoding = "UTF-8", check.names = FALSE)
declared <- table_of("change.csv")
declared <- declared[declared$part == "all", ]
scores <- table_of("scores.csv", colClasses = c(item_names = "character", turned = "character"))
scores <- scores[named(scores, "instrument") == instrument, ]
data <- table_of(data_file)
pairs <- table_of("change_pairs.csv", colClasses = c(subject = "character", arm = "character"))
first <- declared$first[1]
last <- declared$last[1]

kinds <- strsplit(as.character(data[[paste0(prefix, "interpreter")]]), "+", fixed = TRUE)
by_interpreter <- sapply(kinds, function(found) any(!is.na(found) & found != "none"))
interpreted <- named(data, "subject")[by_interpreter & named(data, "wave") %in% c(first, last)]

at <- function(score, wave) scores[scores$score == score & named(scores, "wave") == wave, ]

# Before and after of everybody with both, for one score. column: "value", or "strict" where all items were answered.
both <- function(score, column) {
  one <- at(score, first)
  other <- at(score, last)
  found <- merge(
    data.frame(subject = as.character(named(one, "subject")), before = one[[column]]),
    data.frame(subject = as.character(named(other, "subject")), after = other[[column]])
  )
  found[complete.cases(found), ]
}

spread <- function(values) {
  if (length(values) < 2) return(NA)
  found <- sd(values)
  if (found > 1e-9) found else 0
}

# The noncentralities that go with a t: the chance of a smaller t is 0.975 under the first and 0.025 under the second.
noncentral <- function(t, df) {
  sapply(c(0.975, 0.025), function(chance) {
    uniroot(function(ncp) pt(t, df, ncp) - chance, c(t - 5, t + 5), extendInt = "downX", tol = 1e-11)$root
  })
}

paired <- function(before, after) {
  n <- length(before)
  change <- after - before
  mean_change <- if (n) mean(change) else NA
  sd_change <- spread(change)
  moved <- n > 1 && sd_change > 0
  df <- n - 1
  error <- sd_change / sqrt(n)
  t <- if (moved) mean_change / error else NA
  average <- sqrt((spread(before)^2 + spread(after)^2) / 2)
  margin <- if (moved) qt(0.975, df) * error else NA
  limits <- if (moved) noncentral(t, df) else c(NA, NA)
  list(
    n = n, before_mean = if (n) mean(before) else NA, before_sd = spread(before),
    after_mean = if (n) mean(after) else NA, after_sd = spread(after),
    difference = mean_change, difference_low = mean_change - margin, difference_high = mean_change + margin,
    difference_sd = sd_change,
    d_z = t / sqrt(n), d_z_low = limits[1] / sqrt(n), d_z_high = limits[2] / sqrt(n),
    d_av = t * error / average, d_av_low = limits[1] * error / average, d_av_high = limits[2] * error / average,
    t = t, df = if (moved) df else NA, p = if (moved) 2 * pt(-abs(t), df) else NA
  )
}

# Differences are rounded to nine decimals: else 0.3 - 0.1 and 0.2 would not tie.
ranks <- function(before, after) {
  change <- round(after - before, 9)
  change <- change[change != 0]
  n <- length(change)
  if (n == 0) return(list(wilcoxon_v = NA, wilcoxon_n = 0, wilcoxon_p = NA, rank_biserial = NA))
  test <- suppressWarnings(wilcox.test(round(after - before, 9)))
  v <- unname(test$statistic)
  list(wilcoxon_v = v, wilcoxon_n = n, wilcoxon_p = min(1, test$p.value), rank_biserial = 2 * v / (n * (n + 1) / 2) - 1)
}

alpha <- function(rows) {
  items <- length(strsplit(rows$item_names[1], "+", fixed = TRUE)[[1]])
  answers <- rows[paste0("item_", seq_len(items))]
  answers <- answers[complete.cases(answers), ]
  if (nrow(answers) < least_for_alpha) return(NA)
  items / (items - 1) * (1 - sum(sapply(answers, var)) / var(rowSums(answers)))
}

reliable <- function(row, found) {
  rows <- at(row$score, first)
  values <- rows$value[!is.na(rows$value)]
  from <- row$reliability_from
  reliability <- if (!is.na(from) && from != "alpha") row$reliability else alpha(rows)
  sd_first <- spread(values)
  made <- list(first_n = length(values), first_sd = sd_first, reliability = reliability)
  if (is.na(sd_first) || sd_first == 0 || is.na(reliability) || reliability < 0 || reliability >= 1) return(made)
  error <- sd_first * sqrt(2) * sqrt(1 - reliability)
  index <- (found$after - found$before) / error
  up <- sum(index > bound)
  down <- sum(index < -bound)
  made$least_reliable <- bound * error
  made$unchanged <- length(index) - up - down
  if (is.na(row$better)) made[c("up", "down")] <- c(up, down)
  else made[c("improved", "worsened")] <- if (row$better == "higher") c(up, down) else c(down, up)
  made
}

# What is left of an analysis when fewer pairs count: its number of pairs and its difference.
narrowed <- function(found, name) {
  one <- paired(found$before, found$after)
  setNames(one[c("n", "difference", "difference_low", "difference_high")], paste0(name, c("_n", "_difference", "_low", "_high")))
}

# An arm beside the reference: after on arm and before. The change differs as much as the last score does.
between <- function(score, arms, reference) {
  found <- merge(both(score, "value"), unique(pairs[pairs$score == score, c("subject", "arm")]))
  found <- found[found$arm %in% c(arms, reference), ]
  found$arm <- relevel(factor(found$arm), reference)
  model <- lm(after ~ before + arm, found)
  limits <- confint(model)
  made <- summary(model)$coefficients
  change <- tapply(found$after - found$before, found$arm, mean)
  lapply(arms, function(arm) {
    name <- paste0("arm", arm)
    list(
      adjusted = made[name, 1], adjusted_low = limits[name, 1], adjusted_high = limits[name, 2], adjusted_p = made[name, 4],
      raw = change[[arm]] - change[[reference]]
    )
  })
}

computed <- vector("list", nrow(printed))
for (i in which(printed$part == "all")) {
  row <- declared[declared$score == printed$score[i], ]
  found <- both(row$score, "value")
  computed[[i]] <- c(
    paired(found$before, found$after), ranks(found$before, found$after), reliable(row, found),
    narrowed(both(row$score, "strict"), "strict"), narrowed(found[!found$subject %in% interpreted, ], "alone")
  )
}
for (i in which(printed$part == "arm")) {
  there <- pairs$subject[pairs$score == printed$score[i] & pairs$arm %in% printed$arm[i]]
  found <- both(printed$score[i], "value")
  found <- found[found$subject %in% there, ]
  computed[[i]] <- paired(found$before, found$after)
}
for (score in unique(printed$score[printed$part == "between"])) {
  rows <- which(printed$part == "between" & printed$score == score)
  computed[rows] <- between(score, printed$arm[rows], printed$reference[rows[1]])
}

# Holm over the family: every outcome's p, and of the arms that of every outcome and arm.
holm <- function(from, to, rows) {
  values <- sapply(rows, function(i) computed[[i]][[from]])
  for (k in seq_along(rows)) computed[[rows[k]]][[to]] <<- p.adjust(values, "holm")[k]
}
all_rows <- which(printed$part == "all")
holm("p", "p_holm", all_rows)
holm("wilcoxon_p", "wilcoxon_p_holm", all_rows)
arm_rows <- which(printed$part == "between")
if (length(arm_rows)) holm("adjusted_p", "adjusted_p_holm", arm_rows)

# What lies half-way goes to the even digit; what differs in the tenth decimal is the same.
rounded <- function(value, digits) {
  many <- abs(value) * 10^digits
  whole <- floor(many)
  rest <- many - whole
  if (abs(rest - 0.5) < 1e-7) whole <- whole + whole %% 2
  else if (rest > 0.5) whole <- whole + 1
  sprintf("%.*f", digits, if (whole == 0) 0 else sign(value) * whole / 10^digits)
}

as_printed <- function(name, value) {
  if (is.null(value) || length(value) == 0 || is.na(value)) return("")
  if (name %in% c(@CHANCES@)) return(if (value < 0.001) "<0.001" else rounded(value, 3))
  rounded(value, if (name %in% c(@WHOLE@)) 0 else if (name == "wilcoxon_v") 1 else 2)
}

result <- printed
figures <- setdiff(names(printed), c("score", "part", "arm", "reference"))
for (i in seq_len(nrow(printed))) for (name in figures) result[i, name] <- as_printed(name, computed[[i]][[name]])
write.csv(result, "change_from_r.csv", row.names = FALSE, na = "", quote = TRUE)

differs <- which(as.matrix(result[figures]) != as.matrix(printed[figures]), arr.ind = TRUE)
for (k in seq_len(nrow(differs))) {
  i <- differs[k, 1]
  name <- figures[differs[k, 2]]
  cat(printed$score[i], name, "reported:", printed[i, name], "here:", result[i, name], "\n")
}
cat(nrow(printed) * length(figures), "cells compared,", nrow(differs), "differ\n")
if (nrow(differs)) quit(status = 1)
